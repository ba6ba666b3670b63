"""Losses beside the text's own: words tell their vectors, sentences find their translations."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from transformers import BertForMaskedLM

from reproduce.pretrain.corpus import Ids
from reproduce.pretrain.examples import pad_rows
from reproduce.pretrain.text_corpus import TextCorpus
from reproduce.pretrain.tokenizer import CLS, PAD, SEP
from reproduce.pretrain.word_table import UNKNOWN, WordTable

SENTENCES = 48  # pairs of sentences in a batch
SENTENCES_EVERY = 4  # updates; they cost as much as a batch of text
_SENTENCE_SCALE = 20.0  # inverse temperature of the cosine
_NEIGHBOUR = 0.5  # weight of either neighbour's vector beside a word's own


class VectorHead(torch.nn.Module):
    """Reads off a state the vectors of its word, of the one before, and of the one behind.

    It begins by reading a state as the word's own vector.
    """

    vectors: torch.Tensor  # [words, size]

    def __init__(self, hidden: int, table: WordTable):
        super().__init__()
        size = table.vectors.shape[1]
        self.read = torch.nn.Linear(hidden, 3 * size)
        with torch.no_grad():
            self.read.weight[:size] = torch.eye(size, hidden)
        self.register_buffer("vectors", torch.from_numpy(table.vectors), persistent=False)
        self.table = table

    def loss(self, states: torch.Tensor, ids: Ids) -> torch.Tensor:
        """Mean of 1 minus the cosine of what is read and what is right.

        Args:
            states: [rows, tokens, hidden], of a batch in which words may be masked.
            ids: [rows, tokens], before masking.
        """
        places, words = self.table.words_in(ids)
        sides = (words, np.append(UNKNOWN, words[:-1]), np.append(words[1:], UNKNOWN))
        seen = states.flatten(0, 1)[torch.from_numpy(places).to(states.device)].float()
        read = self.read(seen).unflatten(1, (3, -1))  # [words, 3, size]
        total: torch.Tensor = read.sum() * 0.0  # for a batch without any word that has a vector
        for side, (right, weight) in enumerate(
            zip(sides, (1.0, _NEIGHBOUR, _NEIGHBOUR), strict=True)
        ):
            kept = np.flatnonzero((words != UNKNOWN) & (right != UNKNOWN))
            if len(kept):
                total = total + weight * self._apart(read[:, side], kept, right[kept])
        return total

    def _apart(
        self, read: torch.Tensor, kept: npt.NDArray[np.int64], right: npt.NDArray[np.int64]
    ) -> torch.Tensor:
        chosen = read[torch.from_numpy(kept).to(read.device)]
        vectors = self.vectors[torch.from_numpy(right).to(read.device)]
        return (1 - torch.nn.functional.cosine_similarity(chosen, vectors, dim=1)).mean()


def sentence_loss(
    model: BertForMaskedLM,
    corpus: TextCorpus,
    positions: int,
    rng: np.random.Generator,
    half: bool,
) -> torch.Tensor:
    """InfoNCE, in nats, of the mean vectors of sentences and of their translations."""
    pairs = corpus.translations(SENTENCES, rng)
    rows = [one for one, _ in pairs] + [two for _, two in pairs]
    batch = pad_rows([(row[: positions - 2], None) for row in rows])
    device = model.device
    ids = torch.from_numpy(batch.ids).long().to(device)
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=half):
        states = model.bert(
            input_ids=ids, attention_mask=(ids != PAD).long()
        ).last_hidden_state  # [rows, tokens, hidden]
    words = ((ids != PAD) & (ids != CLS) & (ids != SEP)).unsqueeze(-1).float()
    means = (states.float() * words).sum(1) / words.sum(1).clamp(min=1)  # [rows, hidden]
    return _find_each_other(means[: len(pairs)], means[len(pairs) :], _SENTENCE_SCALE)


def _find_each_other(one: torch.Tensor, two: torch.Tensor, scale: float) -> torch.Tensor:
    """Mean over both directions of the cross-entropy of the right partner, by cosine."""
    one, two = (torch.nn.functional.normalize(side, dim=1) for side in (one, two))
    scores = scale * one @ two.T
    right = torch.arange(len(scores), device=scores.device)
    there = torch.nn.functional.cross_entropy(scores, right)
    back = torch.nn.functional.cross_entropy(scores.T, right)
    return (there + back) / 2

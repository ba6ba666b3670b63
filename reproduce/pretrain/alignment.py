"""Losses that have words and sentences find their translations among others."""

from __future__ import annotations

import numpy as np
import torch
from transformers import BertForMaskedLM

from reproduce.pretrain.examples import pad_rows
from reproduce.pretrain.text_corpus import TextCorpus
from reproduce.pretrain.tokenizer import CLS, PAD, SEP

WORDS = 512  # pairs of words in a batch
SENTENCES = 48  # pairs of sentences in a batch
SENTENCES_EVERY = 4  # batches; they cost as much as a batch of text
_WORD_SCALE, _SENTENCE_SCALE = 14.0, 20.0  # inverse temperatures of the cosine


def word_loss(model: BertForMaskedLM, corpus: TextCorpus, rng: np.random.Generator) -> torch.Tensor:
    """InfoNCE, in nats, of the input vectors of words and of their translations."""
    vectors = model.bert.embeddings.word_embeddings.weight
    sides = corpus.lexicon.sample(WORDS, rng)
    one, two = (_mean_of(vectors, torch.from_numpy(side).to(vectors.device)) for side in sides)
    return _find_each_other(one, two, _WORD_SCALE)


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


def _mean_of(vectors: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    weights = (ids != PAD).unsqueeze(-1).to(vectors.dtype)
    found = torch.nn.functional.embedding(ids, vectors)  # [words, sub-words, hidden]
    return (found * weights).sum(1) / weights.sum(1)


def _find_each_other(one: torch.Tensor, two: torch.Tensor, scale: float) -> torch.Tensor:
    """Mean over both directions of the cross-entropy of the right partner, by cosine."""
    one, two = (torch.nn.functional.normalize(side, dim=1) for side in (one, two))
    scores = scale * one @ two.T
    right = torch.arange(len(scores), device=scores.device)
    there = torch.nn.functional.cross_entropy(scores, right)
    back = torch.nn.functional.cross_entropy(scores.T, right)
    return (there + back) / 2

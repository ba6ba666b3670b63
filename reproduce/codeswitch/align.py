"""Word alignment of parallel sentences by an encoder's own similarities, and how good it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from reproduce.nouns.bitext import Bitext
from reproduce.nouns.sentence import Sentence

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import BertModel

Floats = npt.NDArray[np.float32]
Links = tuple[tuple[int, int], ...]

_LAYER_SHARE = 2 / 3  # of the layers: where translations lie closest (SimAlign: layer 8 of 12)
_BATCH = 32


class Quality(NamedTuple):
    """How found links compare with gold ones, from 0 to 1."""

    precision: float
    recall: float
    f1: float
    links: int  # found
    gold: int


def quality(found: Iterable[Links], gold: Iterable[Links]) -> Quality:
    """Precision, recall and F1 of links over all sentences."""
    right = made = wanted = 0
    for one, other in zip(found, gold, strict=True):
        right += len(set(one) & set(other))
        made += len(one)
        wanted += len(other)
    precision, recall = right / max(1, made), right / max(1, wanted)
    return Quality(precision, recall, 2 * right / max(1, made + wanted), made, wanted)


def mutual_argmax(one: Floats, other: Floats) -> Links:
    """Links between rows of [n, hidden] and [m, hidden] that are each other's nearest by cosine."""
    units = [x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-9) for x in (one, other)]
    similar = units[0] @ units[1].T
    forth, back = similar.argmax(axis=1), similar.argmax(axis=0)
    return tuple((i, int(j)) for i, j in enumerate(forth) if back[j] == i)


def translations(first: Sequence[Sentence], second: Sequence[Sentence]) -> list[Bitext]:
    """Sentences of two parallel corpora that share their cluster, still without links."""
    by_cluster = {s.cluster: s for s in second}
    return [Bitext(s, by_cluster[s.cluster], ()) for s in first if s.cluster in by_cluster]


def align(bitexts: Sequence[Bitext], checkpoint: str, *, layer: int | None = None) -> list[Bitext]:
    """The same with links from mutual nearest neighbours among word vectors.

    Word vectors are means of their sub-words' at one layer, less the mean of their language.

    Args:
        bitexts: parallel sentences.
        checkpoint: a folder, or `embedded:world`.
        layer: from 1; by default two thirds of the way up.

    Raises:
        CheckpointError: the checkpoint cannot be used.
    """
    from reproduce.models.checkpoint import load_encoder

    encoder, tokenizer = load_encoder(checkpoint)
    layers = int(encoder.config.num_hidden_layers)
    at = layer or max(1, round(layers * _LAYER_SHARE))
    sides = []
    for sentences in ([b.first for b in bitexts], [b.second for b in bitexts]):
        vectors = list(_word_vectors(sentences, encoder, tokenizer, at))
        centre = np.concatenate(vectors).mean(axis=0)
        sides.append([v - centre for v in vectors])
    return [
        replace(b, links=mutual_argmax(one, other))
        for b, one, other in zip(bitexts, *sides, strict=True)
    ]


def _word_vectors(
    sentences: Sequence[Sentence], encoder: BertModel, tokenizer: Tokenizer, layer: int
) -> Iterator[Floats]:
    """[words, hidden] of each sentence; words beyond the encoder's longest input are zero."""
    import torch

    longest = int(encoder.config.max_position_embeddings)
    for start in range(0, len(sentences), _BATCH):
        part = sentences[start : start + _BATCH]
        codes = tokenizer.encode_batch([list(s.words) for s in part], is_pretokenized=True)
        width = min(longest, max(len(c.ids) for c in codes))
        ids = torch.zeros((len(part), width), dtype=torch.long)
        mask = torch.zeros_like(ids)
        for row, code in enumerate(codes):
            ids[row, : len(code.ids)] = torch.tensor(code.ids[:width])
            mask[row, : len(code.ids)] = 1
        with torch.inference_mode():
            states = encoder(ids, attention_mask=mask, output_hidden_states=True).hidden_states
        for row, (sentence, code) in enumerate(zip(part, codes, strict=True)):
            yield _means(states[layer][row].numpy(), code.word_ids[:width], len(sentence.words))


def _means(states: Floats, word_ids: Sequence[int | None], words: int) -> Floats:
    total = np.zeros((words, states.shape[1]), dtype=np.float32)
    count = np.zeros((words, 1), dtype=np.float32)
    for place, word in enumerate(word_ids):
        if word is not None:
            total[word] += states[place]
            count[word] += 1
    return np.asarray(total / np.maximum(count, 1), dtype=np.float32)

"""Examples for masked language modelling: sentences and segment pairs in batches of one length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reproduce.pretrain.corpus import Ids, Shard
from reproduce.pretrain.recipe import Recipe
from reproduce.pretrain.tokenizer import CLS, MASK, PAD, SEP, SPECIAL


@dataclass(frozen=True, eq=False)
class Batch:
    """Padded examples, before masking.

    Attributes:
        ids: [rows, tokens], padded with the id of `[PAD]`.
        segments: [rows, tokens], 1 in the second segment, 0 elsewhere.
        positions: [rows, tokens], counted anew from 1 in the second segment.
        tokens: how many sub-words count towards the length of the run.
    """

    ids: Ids
    segments: Ids
    positions: Ids
    tokens: int


@dataclass(frozen=True, eq=False)
class Masked:
    """A batch with some sub-words hidden.

    Attributes:
        ids: [rows, tokens], what the model sees.
        places: [masked], positions in the flattened batch that are predicted.
        labels: [masked], the sub-words that stood there.
    """

    ids: Ids
    places: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]


Segments = tuple[Ids, Ids | None]


def _pair_up(shard: Shard, recipe: Recipe, rng: np.random.Generator) -> list[Segments]:
    """Walk each document: a sentence stands alone, with the next one, or with itself."""
    found: list[Segments] = []
    room = recipe.positions - 3

    def sentence(number: int) -> Ids:
        words = shard.ids[shard.sentences[number] : shard.sentences[number + 1]]
        return words[: recipe.positions - 2]

    for start, stop in zip(shard.documents[:-1], shard.documents[1:], strict=True):
        at = int(start)
        while at < stop:
            first = sentence(at)
            draw, again = rng.random(), rng.random()
            at += 1
            if draw >= recipe.pair_share:
                found.append((first, None))
            elif again < recipe.restate_share and 2 * len(first) <= room:
                found.append((first, first))
            elif at < stop and len(first) + len(sentence(at)) <= room:
                found.append((first, sentence(at)))
                at += 1
            else:
                found.append((first, None))
    return found


def _length(pair: Segments) -> int:
    first, second = pair
    return len(first) + 2 + (0 if second is None else len(second) + 1)


def pad_rows(rows: Sequence[Segments]) -> Batch:
    """One batch of sentences and pairs, with special sub-words, padded to the longest."""
    width = max(map(_length, rows))
    ids = np.full((len(rows), width), PAD, np.int32)
    segments = np.zeros((len(rows), width), np.int32)
    positions = np.tile(np.arange(width, dtype=np.int32), (len(rows), 1))
    tokens = 0
    for row, (first, second) in enumerate(rows):
        end = len(first) + 1
        ids[row, 0] = CLS
        ids[row, 1:end] = first
        ids[row, end] = SEP
        tokens += len(first)
        if second is not None:
            stop = end + 1 + len(second)
            ids[row, end + 1 : stop] = second
            ids[row, stop] = SEP
            segments[row, end + 1 : stop + 1] = 1
            positions[row, end + 1 : stop + 1] -= end
            tokens += len(second)
    return Batch(ids, segments, positions, tokens)


def batches(shard: Shard, recipe: Recipe, rng: np.random.Generator) -> list[Batch]:
    """All examples of a shard in random order of batches, each of nearly one length.

    Sorting inside a whole shard leaves about 1 % of padding; the batches are shuffled after it.
    """
    pairs = _pair_up(shard, recipe, rng)
    lengths = np.array([_length(pair) for pair in pairs])
    order = np.lexsort((rng.random(len(pairs)), lengths))
    groups: list[list[Segments]] = [[]]
    for position in order:
        if (len(groups[-1]) + 1) * lengths[position] > recipe.batch_tokens:
            groups.append([])
        groups[-1].append(pairs[position])
    return [pad_rows(groups[i]) for i in rng.permutation(len(groups)) if groups[i]]


def mask(batch: Batch, share: float, vocabulary: int, rng: np.random.Generator) -> Masked:
    """Choose sub-words to predict: 80 % are hidden, 10 % replaced at random, 10 % kept."""
    flat = batch.ids.ravel()
    words = np.flatnonzero((flat != PAD) & (flat != CLS) & (flat != SEP))
    chosen = words[rng.random(len(words)) < share]
    if not len(chosen):
        chosen = words[rng.integers(0, len(words), 1)]
    seen = flat.copy()
    fate = rng.random(len(chosen))
    seen[chosen[fate < 0.8]] = MASK
    replaced = chosen[(fate >= 0.8) & (fate < 0.9)]
    seen[replaced] = rng.integers(len(SPECIAL), vocabulary, len(replaced))
    return Masked(seen.reshape(batch.ids.shape), chosen, flat[chosen].astype(np.int64))

"""Cutting batches from encoded slices, with hardly any padding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from reproduce.errors import CellError
from reproduce.models.batch import Batch
from reproduce.training.encode import Encoded, Integers, Ragged

POOL = 50  # batches; sentences are sorted by length inside a pool of so many


@dataclass(frozen=True)
class Layout:
    """How sequences are laid out for the encoder.

    Attributes:
        pad: id of the padding sub-word.
        restart: count positions anew in the second sentence, from 1 as after [CLS], so that both
            sentences of a pair stand where single sentences stood in pretraining.
    """

    pad: int
    restart: bool


def training_rows(lengths: Integers, batch_size: int, seed: int) -> list[Integers]:
    """Rows of each batch of one epoch.

    Rows are shuffled, sorted by length inside pools of 50 batches, cut, and the batches shuffled:
    every epoch sees each row once, in batches of like lengths, in no order of length.
    """
    generator = np.random.default_rng(seed)
    order = generator.permutation(len(lengths))
    size = POOL * batch_size
    pools = [order[start : start + size] for start in range(0, len(order), size)]
    ordered = np.concatenate([pool[np.argsort(lengths[pool], kind="stable")] for pool in pools])
    batches = [ordered[start : start + batch_size] for start in range(0, len(order), batch_size)]
    return [batches[number] for number in generator.permutation(len(batches))]


def evaluation_rows(lengths: Integers, budget: int) -> Iterator[Integers]:
    """Rows sorted by length, in batches of at most `budget` sub-words, padding included."""
    order = np.argsort(lengths, kind="stable")
    start = 0
    while start < len(order):
        stop = start + 1
        while stop < len(order) and (stop + 1 - start) * lengths[order[stop]] <= budget:
            stop += 1
        yield order[start:stop]
        start = stop


def make_batch(encoded: Encoded, rows: Integers, layout: Layout) -> Batch:
    """Pad some rows into one batch.

    Raises:
        CellError: no row has a word to be labelled.
    """
    lengths = encoded.ids.lengths()[rows]
    places = np.arange(lengths.max())
    mask = places < lengths[:, None]
    ids = np.full(mask.shape, layout.pad, dtype=np.int64)
    ids[mask] = _gather(encoded.ids, rows)
    second = encoded.second[rows][:, None]
    paired = bool(second.any())
    types = (places >= second) & mask if paired else np.zeros(mask.shape, dtype=bool)
    positions = np.broadcast_to(places, mask.shape)
    if paired and layout.restart:
        positions = np.where(types, places - second + 1, positions)
    if paired:
        words, labels = None, encoded.labels.flat[encoded.labels.offsets[rows]]
    else:
        words, labels = _words(encoded, rows, width=len(places))
    if len(labels) == 0:
        raise CellError("a batch without any word to be labelled")
    return Batch(
        ids=torch.from_numpy(ids),
        mask=torch.from_numpy(mask),
        types=torch.from_numpy(types.astype(np.int64)),
        positions=torch.from_numpy(np.array(positions)),
        keys=torch.from_numpy(encoded.keys[rows]),
        words=None if words is None else torch.from_numpy(words),
        segments=torch.from_numpy(_segments(places, second, lengths)) if paired else None,
        labels=torch.from_numpy(labels),
    )


def _words(encoded: Encoded, rows: Integers, *, width: int) -> tuple[Integers, Integers]:
    """Flat indices of first sub-words, and the labels of the same words."""
    kept = encoded.starts.lengths()[rows]
    row = np.repeat(np.arange(len(rows)), kept)
    labels = Ragged(encoded.labels.flat, encoded.labels.offsets)
    return row * width + _gather(encoded.starts, rows), _gather(labels, rows, kept)


def _segments(places: Integers, second: Integers, lengths: Integers) -> npt.NDArray[np.float32]:
    """Averaging weights [B, 2, T] over either sentence, without [CLS] and [SEP]."""
    first = (places >= 1) & (places < second - 1)
    other = (places >= second) & (places < lengths[:, None] - 1)
    weights = np.stack([first, other], axis=1).astype(np.float32)
    weights /= weights.sum(axis=2, keepdims=True)
    return weights


def _gather(ragged: Ragged, rows: Integers, counts: Integers | None = None) -> Integers:
    """The (first `counts`) entries of some rows, one after the other."""
    starts = ragged.offsets[rows]
    counts = ragged.offsets[rows + 1] - starts if counts is None else counts
    before = np.concatenate([[0], counts.cumsum()[:-1]])
    index = np.arange(counts.sum()) + np.repeat(starts - before, counts)
    gathered: Integers = ragged.flat[index]
    return gathered

"""Retrieval: whether a sentence's nearest neighbour in another language is its translation."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from reproduce.errors import CellError, DataError
from reproduce.nouns.cell import DataSlice, Whereabouts
from reproduce.nouns.probe import Retrieval
from reproduce.nouns.record import Record
from reproduce.probing.frozen import layer_of, one_thread, states_of
from reproduce.probing.record import Part, make_record

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LARGEST = 2**15 - 1  # sentences of one language: a record holds their numbers in 16 bits


class Nearest(NamedTuple):
    """Numbers of the nearest sentences, [N] each; right where the number is the own one.

    Attributes:
        forward: for each first sentence, among the second ones.
        backward: for each second sentence, among the first ones.
    """

    forward: Ints
    backward: Ints


def retrieve(cell: Retrieval, whereabouts: Whereabouts) -> Record:
    """Precision at 1 in both directions: two decisions for each pair of sentences.

    `measures` has the share of right ones by direction, in the order of the slices: `to_source`
    starts from the language of the slice, `from_source` from the source language.

    Raises:
        CellError, CheckpointError, DataError: see `states_of`.
    """
    parts = [_part(piece, cell, whereabouts) for piece in cell.evaluate]
    by_direction = [
        (part.predictions.reshape(-1, 2) == np.arange(len(part.lengths))[:, None]).mean(axis=0)
        for part in parts
    ]
    measures = {
        name: tuple(float(shares[i]) for shares in by_direction)
        for i, name in enumerate(("to_source", "from_source"))
    }
    return make_record(cell, "accuracy", parts, measures=measures)


def nearest(first: npt.ArrayLike, second: npt.ArrayLike, *, centred: bool) -> Nearest:
    """Nearest neighbours by cosine; where several are equally near, the first of them.

    Args:
        first: vectors of the sentences, [N, E].
        second: those of their translations, [N, E].
        centred: take the mean of each side off before.
    """
    x, y = (_normed(side, centred) for side in (first, second))
    likeness = x @ y.T
    return Nearest(likeness.argmax(axis=1), likeness.argmax(axis=0))


def _normed(vectors: npt.ArrayLike, centred: bool) -> Floats:
    v = np.asarray(vectors, dtype=np.float64)
    if centred:
        v = v - v.mean(axis=0)
    norms = np.linalg.norm(v, axis=1, keepdims=True)
    return np.asarray(v / np.where(norms > 0, norms, 1.0))


def _part(piece: DataSlice, cell: Retrieval, whereabouts: Whereabouts) -> Part:
    sides = states_of(piece, cell, whereabouts)
    if len(sides) != 2:
        raise DataError(
            "single sentences, but retrieval compares translations",
            where=f"{piece.source}/{piece.name}",
        )
    first, second = sides
    if len(first.sentences) > LARGEST:
        raise CellError(f"{len(first.sentences)} sentences to choose from, at most {LARGEST}")
    layer = layer_of(cell)
    with one_thread():
        found = nearest(first.pooled[layer], second.pooled[layer], centred=cell.task == "retrieval")
    both = np.stack(found, axis=1)  # [N, 2]
    right = (both == np.arange(len(both))[:, None]).sum(axis=1)
    return Part(
        language=piece.language,
        split=piece.split,
        statistics=np.stack([right, np.full(len(both), 2)], axis=1),
        clusters=first.encoded.clusters,
        predictions=both.ravel(),
        lengths=np.full(len(both), 2),
        truncated=int(first.encoded.truncated.sum() + second.encoded.truncated.sum()),
    )

"""Records of measurements, put together from what each slice counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from reproduce.nouns.probe import Measurement
from reproduce.nouns.record import Content, Metric, Record, Segment

Ints = npt.NDArray[np.int64]

WHOLE = 10**9
"""What a share is a part of: nine digits of it fit into the whole numbers of a record."""


class Part(NamedTuple):
    """What one language, or pair of languages, counts.

    Attributes:
        language: its code, or the pair's name.
        split: of the slice.
        statistics: int [rows, columns] of the metric.
        clusters: hashed meaning of each row.
        predictions: one after the other.
        lengths: how many of them each row has.
        truncated: words that were cut off.
    """

    language: str
    split: str
    statistics: Ints
    clusters: Ints
    predictions: Ints
    lengths: Ints
    truncated: int = 0


def make_record(
    cell: Measurement,
    metric: Metric,
    parts: Sequence[Part],
    *,
    labels: tuple[str, ...] = (),
    measures: Mapping[str, tuple[float, ...]] | None = None,
) -> Record:
    """The record of a cell, a segment for each part in order."""
    stops = np.cumsum([len(part.statistics) for part in parts])
    segments = tuple(
        Segment(
            checkpoint="last",
            language=part.language,
            split=part.split,
            start=int(stop) - len(part.statistics),
            stop=int(stop),
            truncated=part.truncated,
        )
        for part, stop in zip(parts, stops, strict=True)
    )
    lengths = np.concatenate([part.lengths for part in parts])
    return Record(
        content=Content(
            cell=cell,
            metric=metric,
            labels=labels,
            segments=segments,
            epochs=(),
            chosen={},
            measures=dict(measures or {}),
        ),
        statistics=np.concatenate([p.statistics for p in parts]).astype(np.int32),
        clusters=np.concatenate([p.clusters for p in parts]).astype(np.int64),
        offsets=np.concatenate([[0], lengths]).cumsum().astype(np.int64),
        predictions=np.concatenate([p.predictions for p in parts]).astype(np.int16),
    )

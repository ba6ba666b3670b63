"""A record: what one finished cell left behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from reproduce.nouns.base import Noun
from reproduce.nouns.cell import AnyCell

Metric = Literal["accuracy", "span_f1", "share"]

# What the columns of the per-sentence statistics mean; a score is a function of their sums.
COLUMNS: dict[str, tuple[str, ...]] = {
    "accuracy": ("correct", "total"),
    "span_f1": ("matched", "predicted", "gold"),
    "share": ("part", "whole"),  # any measure between 0 and 1, as whole numbers
}

# The measures `chance/LANGUAGE/SPLIT`: sums of the metric's columns for the most frequent training
# label answered everywhere, on the same sentences.
CHANCE = "chance"

# The numbers of the measures `gate/LANGUAGE/CLASS`: how a fusion module's gate is distributed over
# the test set's sub-words of that class, each taken as its mean over hidden units.
GATE_NUMBERS: tuple[str, ...] = (
    "mean",
    "sd between tokens",
    "sd between sentences",  # of their means
    *(f"decile {number}" for number in range(1, 10)),
    "tokens",
)


class Segment(Noun):
    """Rows `start` to `stop` of a record's arrays: one evaluated slice at one checkpoint."""

    checkpoint: str  # last | source-dev | target-dev
    language: str
    split: str
    start: int
    stop: int
    truncated: int = 0  # words beyond the longest length, counted as wrong; or pairs cut short


class Check(Noun):
    """One exact statement, whether it holds, and what was measured."""

    name: str
    holds: bool
    detail: str = ""


class Content(Noun):
    """The deterministic part of a record that is not arrays."""

    cell: AnyCell
    metric: Metric
    labels: tuple[str, ...]  # label names, in the order of the integers in `predictions`
    segments: tuple[Segment, ...]
    epochs: tuple[float, ...]  # mean training loss by epoch
    chosen: dict[str, int]  # checkpoint rule -> epoch (1-based)
    encoder: str = "plain"  # the path that the encoder took: plain | fast
    checks: tuple[Check, ...] = ()
    measures: dict[str, tuple[float, ...]] = {}  # further numbers, named by their experiment


@dataclass(frozen=True, eq=False)
class Record:
    """Content with its arrays; compared bit for bit, never changed.

    Attributes:
        content: identity, labels, segments, losses.
        statistics: int32 [rows, columns], a row per sentence and checkpoint; see `COLUMNS`.
        clusters: int64 [rows], the hashed meaning id that parallel sentences share.
        offsets: int64 [rows + 1], where each row's predictions start.
        predictions: int16 [offsets[-1]], predicted label ids, one per word (or one per pair).
    """

    content: Content
    statistics: npt.NDArray[np.int32]
    clusters: npt.NDArray[np.int64]
    offsets: npt.NDArray[np.int64]
    predictions: npt.NDArray[np.int16]

"""Means over the languages of a table, with and without the source."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import NamedTuple

from reproduce.report.view import Column


class Means(NamedTuple):
    """Means over languages; None where a language has no value."""

    targets: float | None
    with_source: float | None


def means_of(values: Sequence[float | None], columns: Sequence[Column]) -> Means:
    """The means of one value a column."""
    targets = [v for v, column in zip(values, columns, strict=True) if not column.source]
    return Means(_mean(targets), _mean(values))


def _mean(values: Sequence[float | None]) -> float | None:
    # A mean over other languages than in the other rows would be a different quantity.
    present = [value for value in values if value is not None]
    return fmean(present) if present and len(present) == len(values) else None

"""Span F1 over part-of-speech tags, which XTREME prints, from the counts of the records."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import NamedTuple

from reproduce.nouns.record import Record
from reproduce.report.view import Column

_MEASURE = "span_f1"
CHECKPOINT = "last"  # the one that the records count spans of


class SpanMeans(NamedTuple):
    """Means over languages of one record, in percent; None where a language has no count."""

    targets: float | None
    with_source: float | None


def span_means(record: Record, columns: Sequence[Column]) -> SpanMeans | None:
    """Means over the test sets of the columns; None where the record counts no spans of tags."""
    found = {column.code: _span_f1(record, column.code) for column in columns}
    if all(value is None for value in found.values()):
        return None
    targets = [found[column.code] for column in columns if not column.source]
    return SpanMeans(_mean(targets), _mean([*found.values()]))


def _span_f1(record: Record, language: str) -> float | None:
    counts = record.content.measures.get(f"{_MEASURE}/{language}/test")
    if counts is None:
        return None
    matched, predicted, gold = counts
    return 200 * matched / max(1, predicted + gold)


def _mean(values: Sequence[float | None]) -> float | None:
    # A mean over other languages than in the other rows would be a different quantity.
    present = [value for value in values if value is not None]
    return fmean(present) if present and len(present) == len(values) else None

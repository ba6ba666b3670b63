"""Span F1 over part-of-speech tags, which XTREME prints, from the counts of the records."""

from __future__ import annotations

from collections.abc import Sequence

from reproduce.nouns.record import Record
from reproduce.report.means import Means, means_of
from reproduce.report.view import Column

_MEASURE = "span_f1"
CHECKPOINT = "last"  # the one that the records count spans of


def span_means(record: Record, columns: Sequence[Column]) -> Means | None:
    """Means in percent over the test sets of the columns; None where no spans are counted."""
    found = [_span_f1(record, column.code) for column in columns]
    return None if all(value is None for value in found) else means_of(found, columns)


def _span_f1(record: Record, language: str) -> float | None:
    counts = record.content.measures.get(f"{_MEASURE}/{language}/test")
    if counts is None:
        return None
    matched, predicted, gold = counts
    return 200 * matched / max(1, predicted + gold)

"""Scores of one record, for the index and the progress display; verdicts are the judge's."""

from __future__ import annotations

from math import isfinite

from reproduce.nouns.cell import trained_on
from reproduce.nouns.record import Record
from reproduce.statistics.scores import score


def language_scores(
    record: Record, *, checkpoint: str = "last", split: str = "test"
) -> dict[str, float]:
    """Score by language in percentage points; languages with nothing to count are left out."""
    scores = {}
    for segment in record.content.segments:
        if segment.checkpoint == checkpoint and segment.split == split:
            sums = record.statistics[segment.start : segment.stop].sum(axis=0, dtype=int)
            value = float(score(record.content.metric, sums))
            if isfinite(value):
                scores[segment.language] = value
    return scores


def mean_target_score(record: Record) -> float | None:
    """Mean over the languages that were not trained on; over all where there is no other."""
    scores = language_scores(record)
    sources = trained_on(record.content.cell)
    targets = [score for language, score in scores.items() if language not in sources]
    chosen = targets or list(scores.values())
    return sum(chosen) / len(chosen) if chosen else None

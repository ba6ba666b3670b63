"""The claims of a run over the nights in which they were verified."""

from __future__ import annotations

from collections.abc import Sequence

from reproduce.history import Point, timeline
from reproduce.nouns.night import Night
from reproduce.nouns.run import Run
from reproduce.report import words
from reproduce.report.text import moment
from reproduce.report.view import Dot, TimelineRow

_SHOWN = 30  # nights; the whole history is in `reproduce history`


def timeline_rows(nights: Sequence[Night], run: Run) -> tuple[TimelineRow, ...]:
    """A row for each claim of the run that was verified at least once."""
    rows = []
    for planned in run.claims:
        points = timeline(nights, planned.claim.id)
        if points:
            rows.append(
                TimelineRow(
                    claim=planned.claim.id,
                    anchor=f"claim-{planned.claim.id}",
                    dots=_dots(points)[-_SHOWN:],
                    flips=sum(point.flip for point in points),
                    drift=points[-1].drift,
                    environments=len({point.standing.environment for point in points}),
                )
            )
    return tuple(rows)


def _dots(points: Sequence[Point]) -> tuple[Dot, ...]:
    before = [points[0], *points]
    return tuple(
        Dot(
            badge=words.badge(point.standing.outcome),
            when=moment(point.night.started),
            estimate=point.standing.estimate,
            environment=point.standing.environment,
            flip=point.flip,
            drift=point.drift,
            changed_environment=point.standing.environment != old.standing.environment,
        )
        for old, point in zip(before, points, strict=False)
    )

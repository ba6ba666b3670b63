from __future__ import annotations

from reproduce.nouns.evidence import Evidence, Outcome
from reproduce.nouns.night import Night, Standing
from reproduce.nouns.record import Record
from reproduce.nouns.run import Run
from reproduce.nouns.verdict import Estimate
from reproduce.report import build_view, to_html
from tests.report.page import Page


def night(run: Run, number: int, outcome: Outcome, value: float, environment: str) -> Night:
    claim = run.claims[0].claim
    standing = Standing(
        claim=claim.id,
        title=claim.title,
        role=claim.role,
        outcome=outcome,
        evidence=Evidence.SIMULATED,
        reason="",
        criterion="c" * 64,
        environment=environment,
        estimate=Estimate(name="gain", value=value, low=value - 1, high=value + 1),
    )
    return Night(
        id=f"night-{number}",
        number=number,
        started=f"2026-01-{number:02}T01:00:00+00:00",
        setting=run.setting.name,
        tier="night",
        environment=environment,
        standings=(standing,),
    )


def test_the_timeline_shows_flips_drift_and_changed_environments(
    small: tuple[Run, dict[str, Record]],
) -> None:
    run, records = small
    nights = [
        night(run, 1, Outcome.SUPPORTED, 2.0, "one"),
        night(run, 2, Outcome.SUPPORTED, 2.0, "two"),
        night(run, 3, Outcome.REFUTED, -2.0, "two"),
    ]
    view = build_view(run, records, nights)
    (row,) = view.timeline
    assert (row.flips, row.drift, row.environments, len(row.dots)) == (1, True, 2, 3)
    assert [dot.changed_environment for dot in row.dots] == [False, True, False]
    section = Page(to_html(view)).by_id("timeline")
    assert "3 verifications" in section.text
    assert "‖" in section.text


def test_without_nights_there_is_no_timeline(view, html: str) -> None:
    assert view.timeline == ()
    assert "Night by night" not in html

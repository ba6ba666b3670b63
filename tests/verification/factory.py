"""Standings, nights and verifications made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from reproduce.nouns.evidence import Evidence, Outcome
from reproduce.nouns.night import Baseline, Night, Recheck, Standing
from reproduce.nouns.run import Run
from reproduce.nouns.verdict import Estimate, Verdict
from reproduce.verification import Verification, compare
from reproduce.verification.baseline import accepted_standings
from tests.report.factory import synthetic

HERE = "torch 1, on CPU"


def estimate(value: float, half: float | None = 1.0) -> Estimate:
    bounds = {} if half is None else {"low": value - half, "high": value + half}
    return Estimate(name="gain", value=value, n=8, **bounds)


def standing(claim: str = "one", outcome: Outcome = Outcome.SUPPORTED, **changes: Any) -> Standing:
    content = {
        "claim": claim,
        "title": f"Claim {claim}",
        "role": "confirmatory",
        "outcome": outcome,
        "evidence": Evidence.SIMULATED,
        "reason": f"{claim} is {outcome}",
        "criterion": "c" * 64,
        "environment": HERE,
        "estimate": estimate(1.0),
    }
    return Standing(**{**content, **changes})


def night(standings: Sequence[Standing], number: int = 1, **changes: Any) -> Night:
    content = {
        "id": f"20260101T00000{number}Z-12345678",
        "number": number,
        "started": f"2026-01-{number:02}T00:00:00+00:00",
        "setting": "world",
        "tier": "night",
        "environment": HERE,
        "standings": tuple(standings),
    }
    return Night(**{**content, **changes})


@cache
def _synthetic() -> Run:
    return synthetic(layers=3, seeds=2, sentences=4, tasks=("ner", "pos"))[0]


def a_run(standings: Sequence[Standing]) -> Run:
    """A run whose claims and verdicts are those of the standings."""
    whole = _synthetic()
    planned = whole.claims[0]
    claims = [
        planned.model_copy(
            update={"claim": planned.claim.model_copy(update={"id": s.claim, "title": s.title})}
        )
        for s in standings
    ]
    verdicts = [
        Verdict(
            claim=s.claim,
            criterion=s.criterion,
            outcome=s.outcome,
            evidence=s.evidence,
            reason=s.reason,
            estimates=(s.estimate,) if s.estimate else (),
        )
        for s in standings
    ]
    return whole.model_copy(
        update={"claims": tuple(claims), "verdicts": tuple(verdicts), "failures": ()}
    )


def verification(
    standings: Sequence[Standing],
    *,
    accepted: Mapping[str, Standing] | None = None,
    rechecks: Sequence[Recheck] = (),
    **changes: Any,
) -> Verification:
    old = dict(accepted or {})
    return Verification(
        run=a_run(standings),
        night=night(standings, rechecks=tuple(rechecks), **changes),
        accepted=old,
        against_baseline=compare(old, standings),
        against_last=(),
    )


__all__ = [
    "HERE",
    "Baseline",
    "accepted_standings",
    "estimate",
    "night",
    "standing",
    "verification",
]

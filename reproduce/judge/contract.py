"""Contract: exact checks on our own code, which conforms to a description or does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from reproduce.judge.finding import Finding, Says, Unjudgeable
from reproduce.judge.observations import Observations
from reproduce.judge.outlook import Prospects, Size
from reproduce.nouns.claim import Claim
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.expectation import Expectation
from reproduce.nouns.record import Check


class Contract(Expectation):
    """Every exact check of the experiment holds; a description checked, not a finding."""

    quantity: ClassVar[str] = "checks"

    kind: Literal["contract"] = "contract"


def judge(claim: Claim, observations: Observations) -> Finding:
    """Conforms if every check holds.

    Raises:
        Unjudgeable: the experiment made no checks.
    """
    assert isinstance(claim.expect, Contract)
    if not observations.checks:
        raise Unjudgeable(Outcome.ERROR, "the experiment made no checks")
    return conclude(observations.checks)


def conclude(checks: Sequence[Check]) -> Finding:
    """The finding over exact checks; no p-value, no family."""
    broken = [c for c in checks if not c.holds]
    outcome = Outcome.DOES_NOT_CONFORM if broken else Outcome.CONFORMS
    several = len(checks) > 1
    named = "; ".join(c.name + (f" ({c.detail})" if c.detail else "") for c in broken)
    return Finding(
        test="exact checks",
        expectation=f"{len(checks)} checks hold",
        blocked=outcome,
        says=Says(
            supported=f"all {len(checks)} checks hold" if several else "the check holds",
            refuted=f"{_not_holding(len(broken), len(checks))}: {named}",
        ),
        notes=tuple(_line(c) for c in checks),
    )


def _not_holding(broken: int, checks: int) -> str:
    if checks == 1:
        return "the check does not hold"
    return f"{broken} of {checks} checks {'does' if broken == 1 else 'do'} not hold"


def _line(check: Check) -> str:
    """`The gate lies between 0 and 1: holds (from 0.412 to 0.587)`."""
    measured = f" ({check.detail})" if check.detail else ""
    return f"{check.name}: {'holds' if check.holds else 'does not hold'}{measured}"


def prospects(claim: Claim, size: Size) -> Prospects:
    """Exact checks always decide."""
    return Prospects(True, True, None, None, "Exact checks decide it, whatever the seeds.")

"""A night: where every claim stood when it was verified; and the baseline, what is accepted."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from reproduce.nouns.base import Name, Noun
from reproduce.nouns.evidence import Evidence, Outcome
from reproduce.nouns.verdict import Estimate

Tier = Literal["push", "night"]


class Standing(Noun):
    """What a verification said of one claim, as far as later ones compare it.

    Attributes:
        criterion: digest of what decides the verdict.
        environment: what produced its records; several are joined by ` | `, unknown is empty.
        estimate: the main effect, None where the verdict has none.
        control: of a control, whether its outcome is the one that it must have.
    """

    claim: Name
    title: str
    role: str
    outcome: Outcome
    evidence: Evidence
    reason: str
    criterion: str
    environment: str = ""
    estimate: Estimate | None = None
    signature: str = ""
    control: Literal["", "passed", "failed", "undecided"] = ""


class Recheck(Noun):
    """One stored cell that was run again to compare its content."""

    cell: str  # id
    title: str
    same: bool


class Night(Noun):
    """One verification.

    Attributes:
        id: that of the run that it judged, which sorts by time.
        number: 1 for the first of its setting; clocks may jump, this does not.
        environment: where it ran.
        rechecks: stored cells that were run again, and whether their content came out the same.
        renewed: cells that were run again because the environment had changed.
        left: cells that the budget left for later, missing and stale ones together.
    """

    format: Literal[1] = 1
    id: str
    number: Annotated[int, Field(ge=1)]
    started: str  # ISO 8601, UTC
    setting: Name
    overrides: tuple[str, ...] = ()
    tier: Tier
    commit: str | None = None
    environment: str
    standings: tuple[Standing, ...]
    rechecks: tuple[Recheck, ...] = ()
    renewed: int = 0
    left: int = 0
    seconds: float = 0.0


class Accepted(Noun):
    """A standing that a person accepted, with the reason."""

    standing: Standing
    accepted: str  # ISO 8601, UTC
    reason: Annotated[str, Field(min_length=1, max_length=1000)]
    night: str


class Baseline(Noun):
    """Accepted verdicts by setting and claim: what later nights are compared with."""

    format: Literal[1] = 1
    settings: dict[Name, dict[Name, Accepted]] = {}

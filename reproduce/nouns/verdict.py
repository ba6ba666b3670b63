"""A verdict: what is said of a claim, why, and on what it rests."""

from __future__ import annotations

from typing import Literal

from reproduce.nouns.base import Noun
from reproduce.nouns.evidence import Evidence, Outcome


class Estimate(Noun):
    """A measured quantity with its interval, in percentage points unless `scale` says otherwise."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    level: float = 0.95  # of the two-sided interval
    n: int = 0  # units
    sd: float | None = None  # over units
    expected_low: float | None = None  # the region in which the claim is true; None is unbounded
    expected_high: float | None = None
    scale: str = "points"
    note: str = ""


class Probability(Noun):
    """One p-value, before and after the family's adjustment."""

    raw: float
    adjusted: float
    method: str = "none"  # holm | benjamini-hochberg | none
    family_size: int = 1


class Settle(Noun):
    """What would settle an undecided claim."""

    text: str
    extra_seeds: int | None = None
    seconds: float | None = None
    command: str = ""


class SensitivityItem(Noun):
    """The verdict under another defensible analysis, at raw alpha."""

    name: str
    outcome: Outcome
    change: Literal["same", "fragile", "flip"]
    text: str = ""


class VarianceShare(Noun):
    """How much of the uncertainty comes from one source."""

    source: str  # seed | sentence | language | residual
    variance: float
    share: float


class Amendment(Noun):
    """The criterion of a claim was changed after records of it existed."""

    run: str  # the latest run with the other criterion
    when: str  # ISO 8601, UTC
    before: str  # digest of the criterion then
    changes: tuple[str, ...]  # `expect.margin: '0' -> '1.0'`


class Verdict(Noun):
    """The judged claim.

    `estimates[0]` is the main effect, the one that the report draws against the expectation.
    """

    claim: str
    criterion: str  # digest of what decides, as it stood when judged
    outcome: Outcome
    evidence: Evidence
    reason: str  # one sentence of plain language with the measured numbers
    why_undecided: str = ""  # underpowered | straddles the margin | cannot be refuted ... | fragile
    settle: Settle | None = None
    estimates: tuple[Estimate, ...] = ()
    support: Probability | None = None
    refute: Probability | None = None
    alpha: float = 0.05
    units: int = 0
    unit: str = ""
    inference: str = ""
    sensitivity: tuple[SensitivityItem, ...] = ()
    variance: tuple[VarianceShare, ...] = ()
    selection: tuple[Estimate, ...] = ()  # values under other selection rules: oracle, optimistic
    frequencies: dict[str, dict[str, float]] = {}  # task -> layer -> bootstrap selection frequency
    notes: tuple[str, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    signature: str = ""
    records: tuple[str, ...] = ()
    watermark: str = ""  # "not evidence" for quick runs
    stopping: str = ""  # "Optional stopping: ..." where looks were added after a look
    control: Literal["", "passed", "failed", "undecided"] = ""  # whether a control is as it must be

"""What changed since another verification: verdict, estimate, environment, or the claim itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from reproduce.history import moved
from reproduce.judge.words import OUTCOMES
from reproduce.nouns.base import Noun
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.night import Standing
from reproduce.nouns.verdict import Estimate

Kind = Literal["verdict", "estimate", "environment", "criterion"]

_DECIDED = {Outcome.SUPPORTED, Outcome.REFUTED}


class Change(Noun):
    """One way in which a claim no longer stands where it stood.

    Attributes:
        kind: `verdict` its outcome or evidence level; `estimate` moved beyond its noise;
            `environment` its records come from another one; `criterion` the claim was edited.
        flip: supported became refuted or the other way round.
    """

    claim: str
    kind: Kind
    flip: bool = False
    before: str
    after: str

    @property
    def text(self) -> str:
        """`best-layer: verdict changed from supported to refuted`."""
        what = {
            "verdict": "verdict changed",
            "estimate": "estimate moved beyond its noise",
            "environment": "environment changed",
            "criterion": "the claim's criterion was edited",
        }[self.kind]
        return f"{self.claim}: {what}, from {self.before} to {self.after}"


def compare(before: Mapping[str, Standing], now: Sequence[Standing]) -> tuple[Change, ...]:
    """Changes of the claims that were there before, in the order of `now`."""
    return tuple(
        change
        for standing in now
        if (old := before.get(standing.claim)) is not None
        for change in _changes(old, standing)
    )


def _changes(old: Standing, new: Standing) -> Iterator[Change]:
    if (old.outcome, old.evidence) != (new.outcome, new.evidence):
        yield Change(
            claim=new.claim,
            kind="verdict",
            flip={old.outcome, new.outcome} == _DECIDED,
            before=_verdict(old),
            after=_verdict(new),
        )
    if old.estimate and new.estimate and moved(old.estimate, new.estimate):
        yield Change(
            claim=new.claim,
            kind="estimate",
            before=shown(old.estimate),
            after=shown(new.estimate),
        )
    if old.environment and new.environment and old.environment != new.environment:
        yield Change(
            claim=new.claim, kind="environment", before=old.environment, after=new.environment
        )
    if old.criterion != new.criterion:
        yield Change(
            claim=new.claim, kind="criterion", before=old.criterion[:8], after=new.criterion[:8]
        )


def _verdict(standing: Standing) -> str:
    return f"{OUTCOMES[standing.outcome].word} ({standing.evidence})"


def shown(estimate: Estimate | None) -> str:
    """`+0.52 points [-0.11, +1.15]`; a dash where there is none."""
    if estimate is None:
        return "-"
    value = f"{estimate.value:+.2f} {estimate.scale}"
    if estimate.low is None or estimate.high is None:
        return value
    return f"{value} [{estimate.low:+.2f}, {estimate.high:+.2f}]"

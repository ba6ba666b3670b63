"""Sensitivity: the same claim under other defensible analyses, at the claim's raw level."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Literal

from reproduce.judge.finding import Finding, Unjudgeable
from reproduce.judge.numbers import listing, signed
from reproduce.judge.observations import Observations
from reproduce.judge.quantity import LANGUAGES, SEEDED, by_meaning
from reproduce.judge.testing import level_of_test
from reproduce.nouns.claim import Claim
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.verdict import SensitivityItem

Judge = Callable[[Claim, Observations], Finding]
Change = Literal["same", "fragile", "flip"]

LEAVE_OUT_UP_TO = 30  # units; beyond this one of them cannot matter, and it takes long
_DECIDED = {Outcome.SUPPORTED, Outcome.REFUTED}


def sensitivity(
    claim: Claim, observations: Observations, finding: Finding, judge: Judge
) -> tuple[SensitivityItem, ...]:
    """The outcome under every other analysis that the records allow."""
    level = level_of_test(claim, observations)
    base = raw_outcome(finding, level)
    items: list[SensitivityItem] = []
    for name, other in _variants(claim, observations, finding):
        outcome = _outcome(judge, claim, other, level)
        items.append(_item(name, base, outcome))
    items += _leave_one_out(claim, observations, judge, base, level)
    items += _bootstrap(claim, observations, finding, base, level)
    return tuple(items)


def raw_outcome(finding: Finding, level: float) -> Outcome:
    """The outcome before the family is adjusted for."""
    if finding.blocked is not None:
        return finding.blocked
    if finding.p_support < level:
        return Outcome.SUPPORTED
    return Outcome.REFUTED if finding.p_refute < level else Outcome.INCONCLUSIVE


def change(base: Outcome, other: Outcome) -> Change:
    """A flip turns a decision into its contrary; anything less is fragile."""
    if base is other:
        return "same"
    return "flip" if {base, other} == _DECIDED else "fragile"


def _item(name: str, base: Outcome, outcome: Outcome, text: str = "") -> SensitivityItem:
    return SensitivityItem(name=name, outcome=outcome, change=change(base, outcome), text=text)


def _outcome(judge: Judge, claim: Claim, observations: Observations, level: float) -> Outcome:
    try:
        return raw_outcome(judge(claim, observations), level)
    except Unjudgeable as error:
        return error.outcome


def _variants(
    claim: Claim, observations: Observations, finding: Finding
) -> Iterator[tuple[str, Observations]]:
    if finding.quantities and claim.unit in (*SEEDED, *LANGUAGES):
        yield "exact sign-flip test", replace(observations, method="sign-flip")
    several = any(len(observations.targets(t)) > 1 for t in observations.tasks.values())
    if several and claim.unit not in LANGUAGES:
        yield "micro average over languages", replace(observations, average="micro")
    stored = {piece.checkpoint for t in observations.tasks.values() for piece in t.slices}
    for checkpoint in sorted(stored - {observations.checkpoint}):
        oracle = " (oracle)" if checkpoint == "target-dev" else ""
        name = f"checkpoint {checkpoint}{oracle}"
        yield name, replace(observations, checkpoint=checkpoint)


def _leave_one_out(
    claim: Claim, observations: Observations, judge: Judge, base: Outcome, level: float
) -> list[SensitivityItem]:
    """The worst of all analyses without one unit, and which units make it so."""
    if claim.unit in LANGUAGES:
        names: Iterable[str | int] = observations.design.targets
        without = [observations.without_language(c) for c in observations.design.targets]
    elif claim.unit in SEEDED:
        names = observations.units()
        without = [observations.without(unit) for unit in observations.units()]
    else:
        return []
    if not 3 <= len(without) <= LEAVE_OUT_UP_TO:
        return []
    outcomes = [_outcome(judge, claim, other, level) for other in without]
    order: list[Change] = ["same", "fragile", "flip"]
    worst = max(outcomes, key=lambda o: order.index(change(base, o)))
    culprits = [str(n) for n, o in zip(names, outcomes, strict=True) if o is worst]
    text = "" if worst is base else f"without {claim.unit} {listing(culprits[:5])}"
    return [_item(f"leave one {claim.unit} out", base, worst, text)]


def _bootstrap(
    claim: Claim, observations: Observations, finding: Finding, base: Outcome, level: float
) -> list[SensitivityItem]:
    """Units and sentences drawn again together; a description, too narrow with few units."""
    from reproduce.statistics.resampling import crossed_bootstrap

    if claim.unit not in SEEDED or not finding.quantities or not finding.quantities[0].terms:
        return []
    matrix = by_meaning(observations, finding.quantities[0].terms)
    if min(matrix.shape) < 2:
        return []
    low, high = crossed_bootstrap(matrix, level=1 - 2 * level)
    text = f"{signed(low)} to {signed(high)}; a description, too narrow with few units"
    region = finding.estimates[0]
    outcome = _outcome_of_interval(low, high, region.expected_low, region.expected_high)
    return [_item("crossed bootstrap of the deciding task", base, outcome, text)]


def _outcome_of_interval(
    low: float, high: float, expected_low: float | None, expected_high: float | None
) -> Outcome:
    least = float("-inf") if expected_low is None else expected_low
    most = float("inf") if expected_high is None else expected_high
    if least < low and high < most:
        return Outcome.SUPPORTED
    return Outcome.REFUTED if high < least or low > most else Outcome.INCONCLUSIVE

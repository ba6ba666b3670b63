"""What the judges of single quantities share: tests, estimates, levels, refusals to test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from reproduce.judge.numbers import signed
from reproduce.judge.observations import Observations
from reproduce.judge.quantity import SEEDED, Quantity
from reproduce.nouns.claim import Claim
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.verdict import Estimate
from reproduce.statistics.paired import interval, p_above, p_below
from reproduce.statistics.resampling import sign_flip_p


class Blocking(NamedTuple):
    """An outcome that stands whatever the p-values would be."""

    outcome: Outcome
    reason: str


def above(quantity: Quantity, bound: float, observations: Observations) -> float:
    """P of "the quantity is at most `bound`"."""
    if observations.method == "sign-flip":
        return sign_flip_p(quantity.sample.values, bound)
    return p_above(quantity.summary, bound)


def below(quantity: Quantity, bound: float, observations: Observations) -> float:
    """P of "the quantity is at least `bound`"."""
    if observations.method == "sign-flip":
        return sign_flip_p(-quantity.sample.values, -bound)
    return p_below(quantity.summary, bound)


def name_of_test(claim: Claim, *, sides: str = "one-sided", tasks: int = 1) -> str:
    """Name of the t test that the claim's unit and target of inference call for."""
    every = ", all tasks" if tasks > 1 else ""
    if claim.unit in SEEDED and claim.inference == "new-sentences":
        return f"t over {claim.unit}s crossed with sentences, {sides}{every}"
    if claim.unit == "language":
        return f"t over languages crossed with seeds, {sides}{every}"
    if claim.unit == "language-pair":
        return f"t with a jackknife over languages, {sides}{every}"
    return f"paired t over {claim.unit}s, {sides}{every}"


def level_of_test(claim: Claim, observations: Observations) -> float:
    """Level of one-sided tests: the claim's alpha, split evenly over its declared looks."""
    return claim.alpha / len(observations.design.looks)


def interval_level(claim: Claim, observations: Observations) -> float:
    """Level of the two-sided interval whose ends are the one-sided bounds of the verdict."""
    return 1 - 2 * level_of_test(claim, observations)


def require_variance(quantities: Sequence[Quantity], unit: str) -> Blocking | None:
    """Without two units, or without any variance over them, there is nothing to test by."""
    for quantity in quantities:
        s = quantity.summary
        begin = f"{quantity.subject} {signed(s.mean)} {quantity.scale}"
        if s.n < 2:
            return Blocking(
                Outcome.INCONCLUSIVE, f"{begin} in one {unit}, which has no variance to judge by"
            )
        if not s.testable:
            return Blocking(
                Outcome.INCONCLUSIVE,
                f"{begin} in every one of {s.n} {unit}s; without variance there is nothing "
                "to judge by",
            )
    return None


def estimate(
    quantity: Quantity, level: float, *, low: float | None = None, high: float | None = None
) -> Estimate:
    """A quantity as the report draws it, with the region in which the claim is true."""
    summary = quantity.summary
    bounds = interval(summary, level)
    return Estimate(
        name=quantity.title,
        value=summary.mean,
        low=bounds.low if bounds else None,
        high=bounds.high if bounds else None,
        level=level,
        n=summary.n,
        sd=summary.sd if summary.n > 1 else None,
        expected_low=low,
        expected_high=high,
        scale=quantity.scale,
    )


def other_estimates(
    quantities: Sequence[Quantity],
    level: float,
    *,
    low: float | None = None,
    high: float | None = None,
) -> tuple[Estimate, ...]:
    """The quantities under other selection rules, each named by its rule."""
    return tuple(
        estimate(
            Quantity(task=q.task, title=other.name, subject="", sample=other.sample),
            level,
            low=low,
            high=high,
        ).model_copy(update={"note": other.title})
        for q in quantities
        for other in q.selection
    )


def unavailable_note(observations: Observations) -> tuple[str, ...]:
    """What the setting could not provide, one note a task."""
    missing = observations.design.unavailable
    return tuple(f"{task} is not part of this verdict: {why}" for task, why in missing.items())

"""Equivalence: a gain equals a value within a tolerance, shown by two one-sided tests."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator

from reproduce.judge.finding import NO_VARIANCE, TOO_FEW, Finding, Says, Undecided
from reproduce.judge.gain import gains
from reproduce.judge.numbers import measured, plain
from reproduce.judge.observations import Observations
from reproduce.judge.outlook import Prospects, Size
from reproduce.judge.quantity import Quantity
from reproduce.judge.testing import (
    above,
    below,
    estimate,
    interval_level,
    name_of_test,
    other_estimates,
    require_variance,
    unavailable_note,
)
from reproduce.nouns.claim import Claim, Points, half_unit, points
from reproduce.nouns.expectation import Expectation


def _positive(text: str) -> str:
    if points(text) <= 0:
        raise ValueError(f"a tolerance is larger than 0; found {text!r}")
    return text


Tolerance = Annotated[Points, AfterValidator(_positive)]
"""Percentage points above 0."""


class Equivalence(Expectation):
    """The gain lies within `tolerance` points of `value`.

    A `printed` value hides up to half a unit of its last digit, by which the tolerance is widened;
    say `printed: false` where the value is a number of your own, such as 0.
    """

    quantity: ClassVar[str] = "gain"

    kind: Literal["equivalence"] = "equivalence"
    value: Points
    tolerance: Tolerance
    printed: bool = True


def region(expect: Equivalence) -> tuple[float, float]:
    """Lowest and highest gain for which the claim is true."""
    value, tolerance = points(expect.value), points(expect.tolerance)
    if expect.printed:
        tolerance += half_unit(expect.value)
    return float(value - tolerance), float(value + tolerance)


def judge(claim: Claim, observations: Observations) -> Finding:
    """Support if the interval lies inside the region on every task, refute if outside on some.

    Raises:
        Unjudgeable: the records allow no test.
    """
    from reproduce.statistics.multiplicity import every, some

    assert isinstance(claim.expect, Equivalence)
    low, high = region(claim.expect)
    measured_gains = gains(claim, observations)
    blocking = require_variance(measured_gains, claim.unit)
    inside = [
        max(above(g, low, observations), below(g, high, observations)) for g in measured_gains
    ]
    # Two-sided: with the interval of the equivalence test the error would reach twice alpha for a
    # tolerance that is small against the standard error.
    outside = [
        min(1.0, 2 * min(above(g, high, observations), below(g, low, observations)))
        for g in measured_gains
    ]
    order = sorted(range(len(inside)), key=lambda i: -inside[i])
    ordered = [measured_gains[i] for i in order]
    level = interval_level(claim, observations)
    complete = not observations.design.unavailable
    return Finding(
        test=name_of_test(claim, sides="two one-sided")
        + (", all tasks" if len(inside) > 1 else ""),
        expectation=f"{plain(low)} < gain < {plain(high)}",
        p_support=every(inside) if complete else 1.0,
        p_refute=some(outside),
        units=min(g.summary.n for g in measured_gains),
        sentences=observations.sentences(),
        blocked=blocking.outcome if blocking else None,
        says=_says(ordered, (low, high), level, claim.unit, blocking.reason if blocking else ""),
        undecided=lambda alpha: _undecided(ordered, (low, high), alpha, complete),
        estimates=tuple(estimate(g, level, low=low, high=high) for g in ordered),
        selection=other_estimates(ordered, level, low=low, high=high),
        notes=(*(note for g in ordered for note in g.notes), *unavailable_note(observations)),
        quantities=tuple(ordered),
    )


def _says(
    gains: list[Quantity], bounds: tuple[float, float], level: float, unit: str, blocking: str
) -> Says:
    middle = (bounds[0] + bounds[1]) / 2
    texts = [f"{g.subject} {measured(g.summary, level, unit)}" for g in gains]
    between = f"between {plain(bounds[0])} and {plain(bounds[1])} points"
    farthest = max(range(len(gains)), key=lambda i: abs(gains[i].summary.mean - middle))
    head = "" if len(gains) == 1 else f"all {len(gains)} tasks lie inside, the least certain: "
    return Says(
        supported=f"{head}{texts[0]}, {between}",
        refuted=f"{texts[farthest]}, not {between}",
        undecided=blocking or f"{texts[0]}, neither clearly {between} nor clearly outside",
    )


def _undecided(
    gains: list[Quantity], bounds: tuple[float, float], alpha: float, complete: bool
) -> Undecided:
    from reproduce.statistics.paired import quantile

    middle, tolerance = (bounds[0] + bounds[1]) / 2, (bounds[1] - bounds[0]) / 2
    summaries = [g.summary for g in gains]
    if any(s.n < 2 for s in summaries):
        return TOO_FEW
    if not all(s.testable for s in summaries):
        return NO_VARIANCE
    outside = [s for s in summaries if abs(s.mean - middle) > tolerance]
    condition = "if the measured gain is true"
    if outside:
        decisive = max(outside, key=lambda s: abs(s.mean - middle) / s.se)
        distance = abs(decisive.mean - middle) - tolerance
        needed = decisive.needed(distance, alpha / 2 / len(gains))
        return Undecided(_why(distance, decisive.se), units=needed, text=condition)
    if not complete:
        return Undecided("tasks of the claim are missing")
    # Both one-sided tests must pass: 90 % power each make 80 % together.
    every = [s.needed(tolerance - abs(s.mean - middle), alpha, 0.9) for s in summaries]
    units = None if None in every else max(n for n in every if n is not None)
    if any(quantile(s.df, 1 - alpha) * s.se >= tolerance for s in summaries):
        return Undecided("cannot be supported at this tolerance", units=units, text=condition)
    nearest = min(summaries, key=lambda s: (tolerance - abs(s.mean - middle)) / s.se)
    distance = tolerance - abs(nearest.mean - middle)
    return Undecided(_why(distance, nearest.se), units=units, text=condition)


def _why(distance: float, se: float) -> str:
    return "straddles the tolerance" if distance < se else "underpowered"


def prospects(claim: Claim, size: Size) -> Prospects:
    """Equivalence is out of reach where the interval is wider than the region."""
    from reproduce.statistics.power import (
        half_width,
        minimum_detectable_effect,
        seeds_for_half_width,
        tost_tolerance,
    )

    assert isinstance(claim.expect, Equivalence)
    low, high = region(claim.expect)
    tolerance = (high - low) / 2
    attainable = half_width(size.n, size.alpha) * size.sd
    supported = attainable < tolerance
    mde = minimum_detectable_effect(size.n, size.alpha / 2 / size.tasks) * size.sd
    needed = None if supported else seeds_for_half_width(tolerance, size.sd, size.alpha)
    comfortable = tost_tolerance(size.n, size.alpha) * size.sd
    text = (
        f"With 80% power a gain more than {plain(mde)} points outside {plain(low)} to "
        f"{plain(high)} would refute the claim; "
    )
    if supported:
        text += f"80% power for equality takes a tolerance of {plain(comfortable)} points, "
        text += f"the claim has {plain(tolerance)}."
    else:
        text += f"it cannot be supported, since the interval extends {plain(attainable)} points "
        text += f"to either side and the tolerance is {plain(tolerance)}."
    return Prospects(supported, True, mde, needed, text)

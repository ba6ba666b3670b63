"""Margin: a gain is larger than so many points, on every task of the claim."""

from __future__ import annotations

from typing import ClassVar, Literal

from reproduce.judge.finding import NO_VARIANCE, TOO_FEW, Finding, Says, Undecided
from reproduce.judge.gain import Gain, gains
from reproduce.judge.numbers import in_points, listing, measured, plain, probability
from reproduce.judge.observations import Observations
from reproduce.judge.outlook import Prospects, Size
from reproduce.judge.testing import (
    estimate,
    interval_level,
    other_estimates,
    require_variance,
    unavailable_note,
)
from reproduce.nouns.claim import Claim, Points, points
from reproduce.nouns.expectation import Expectation


class Margin(Expectation):
    """The gain exceeds `margin` percentage points; "0" asks for the direction alone."""

    quantity: ClassVar[str] = "gain"

    kind: Literal["margin"] = "margin"
    margin: Points = "0"


def judge(claim: Claim, observations: Observations) -> Finding:
    """Support if every task gains more than the margin, refute if some task gains less.

    Raises:
        Unjudgeable: the records allow no test.
    """
    from reproduce.statistics.multiplicity import every, some
    from reproduce.statistics.paired import p_above, p_below

    assert isinstance(claim.expect, Margin)
    margin = float(points(claim.expect.margin))
    measured_gains = gains(observations)
    blocking = require_variance(measured_gains, claim.unit)
    above = [p_above(g.summary, margin) for g in measured_gains]
    below = [p_below(g.summary, margin) for g in measured_gains]
    # The task that decides comes first: it is the one that the report draws.
    order = sorted(range(len(above)), key=lambda i: -above[i])
    ordered = [measured_gains[i] for i in order]
    level = interval_level(claim, observations)
    complete = not observations.design.unavailable
    return Finding(
        test="paired t, one-sided" + (", all tasks" if len(above) > 1 else ""),
        expectation=f"gain > {plain(margin)}",
        p_support=every(above) if complete else 1.0,
        p_refute=some(below),
        units=min(g.summary.n for g in measured_gains),
        sentences=observations.sentences(),
        blocked=blocking.outcome if blocking else None,
        says=_says(ordered, margin, level, claim.unit, blocking.reason if blocking else ""),
        undecided=lambda alpha: _undecided(ordered, margin, alpha, complete),
        estimates=tuple(estimate(g, level, low=margin) for g in ordered),
        selection=other_estimates(ordered, level, low=margin),
        notes=(
            *(note for g in ordered for note in g.notes),
            *_directions(ordered, margin),
            *unavailable_note(observations),
        ),
    )


def _says(gains: list[Gain], margin: float, level: float, unit: str, blocking: str) -> Says:
    texts = [f"{g.title} gains {measured(g.summary, level, unit)}" for g in gains]
    worst = texts[0]
    bound = in_points(margin)
    if len(gains) == 1:
        return Says(
            supported=f"{worst}, more than {bound}",
            refuted=f"{worst}, less than {bound}",
            undecided=blocking or f"{worst}, neither clearly above nor clearly below {bound}",
        )
    low = min(gains, key=lambda g: g.summary.mean)
    refuting = f"{low.title} gains {measured(low.summary, level, unit)}, less than {bound}"
    return Says(
        supported=f"all {len(gains)} tasks gain more than {bound}, the least certain of them "
        f"{worst}",
        refuted=refuting,
        undecided=blocking or f"not every task is clearly above {bound}: {worst}",
    )


def _directions(gains: list[Gain], margin: float) -> tuple[str, ...]:
    """For a positive margin, whether there is a gain at all."""
    from reproduce.statistics.paired import p_above

    if margin <= 0:
        return ()
    return tuple(
        f"direction of {g.task}: gain above 0 with p = {probability(p_above(g.summary, 0.0))}, "
        "unadjusted"
        for g in gains
    )


def _undecided(gains: list[Gain], margin: float, alpha: float, complete: bool) -> Undecided:
    from reproduce.statistics.power import seeds_needed

    summaries = [g.summary for g in gains]
    if any(s.n < 2 for s in summaries):
        return TOO_FEW
    if any(s.se == 0 for s in summaries):
        return NO_VARIANCE
    below = [s for s in summaries if s.mean <= margin]
    if not below and not complete:
        return Undecided("tasks of the claim are missing")
    if below:
        # The surest of the failing tasks is enough to refute.
        decisive = max(below, key=lambda s: (margin - s.mean) / s.se)
        needed = seeds_needed(margin - decisive.mean, decisive.sd, alpha / len(gains))
    else:
        decisive = min(summaries, key=lambda s: (s.mean - margin) / s.se)
        every = [seeds_needed(s.mean - margin, s.sd, alpha) for s in summaries]
        needed = None if None in every else max(n for n in every if n is not None)
    near = abs(decisive.mean - margin) < decisive.se
    why = "straddles the margin" if near else "underpowered"
    tasks = [g.task for g in gains if (g.summary.mean <= margin) == bool(below)]
    return Undecided(why, units=needed, text=f"if the gain measured on {listing(tasks)} is true")


def prospects(claim: Claim, size: Size) -> Prospects:
    """A large enough effect can always be found, in either direction."""
    from reproduce.statistics.power import minimum_detectable_effect

    assert isinstance(claim.expect, Margin)
    margin = float(points(claim.expect.margin))
    mde = minimum_detectable_effect(size.n, size.alpha) * size.sd
    against = minimum_detectable_effect(size.n, size.alpha / size.tasks) * size.sd
    each = "a true gain" if size.tasks == 1 else f"a true gain on each of the {size.tasks} tasks"
    return Prospects(
        can_be_supported=True,
        can_be_refuted=True,
        mde=mde,
        seeds_needed=None,
        text=f"With 80% power {each} of {plain(margin + mde)} points would be found, and one of "
        f"{plain(margin - against)} points would refute the claim.",
    )

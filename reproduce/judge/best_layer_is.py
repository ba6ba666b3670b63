"""Best layer is: one named layer is the best, or ties with the best, in every task."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from reproduce.judge.curve import Curve, curves
from reproduce.judge.equivalence import Tolerance
from reproduce.judge.finding import NO_VARIANCE, TOO_FEW, Finding, Says, Undecided, Unjudgeable
from reproduce.judge.numbers import count, in_points, plain, signed
from reproduce.judge.observations import Observations
from reproduce.judge.outlook import Prospects, Size
from reproduce.judge.testing import interval_level, unavailable_note
from reproduce.nouns.claim import Claim, points
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.expectation import Expectation
from reproduce.nouns.verdict import Estimate
from reproduce.statistics.paired import Summary, interval


class BestLayerIs(Expectation):
    """No other layer leads `layer` by more than `tie_tolerance` points in any task."""

    quantity: ClassVar[str] = "layers"

    kind: Literal["best_layer_is"] = "best_layer_is"
    layer: Annotated[int, Field(ge=0)]
    tie_tolerance: Tolerance


def judge(claim: Claim, observations: Observations) -> Finding:
    """Support if all upper bounds of the others' leads lie below the tolerance.

    The layer is named beforehand, so support needs no correction (intersection-union); refutation
    picks the largest of all leads and pays for it (Bonferroni over tasks and layers).

    Raises:
        Unjudgeable: the records allow no test, or the layer was not measured.
    """
    expect = claim.expect
    assert isinstance(expect, BestLayerIs)
    tolerance = float(points(expect.tie_tolerance))
    its = curves(claim, observations)
    if expect.layer not in its[0].layers:
        named = ", ".join(str(layer) for layer in its[0].layers)
        raise Unjudgeable(
            Outcome.NOT_APPLICABLE, f"layer {expect.layer} was not measured, only layers {named}"
        )
    rivals = [lead for curve in its for lead in _leads_over(curve, expect.layer)]
    p_below = [lead.p_below(tolerance) for lead in rivals]
    p_above = [lead.p_above(tolerance) for lead in rivals]
    complete = not observations.design.unavailable
    level = interval_level(claim, observations)
    # The strongest rival first: it decides, and the report draws it.
    ordered = sorted(rivals, key=lambda lead: -lead.summary.mean)
    return Finding(
        test=f"paired t over {claim.unit}s, every layer against layer {expect.layer}",
        expectation=f"layer {expect.layer} within {plain(tolerance)} of the best",
        p_support=max(p_below) if complete else 1.0,
        p_refute=min(1.0, len(rivals) * min(p_above)),
        units=min(lead.summary.n for lead in rivals),
        sentences=observations.sentences(),
        blocked=None if any(r.summary.testable for r in rivals) else Outcome.INCONCLUSIVE,
        says=_says(ordered, its, expect.layer, tolerance, claim.unit),
        undecided=lambda alpha: _undecided(ordered, tolerance, alpha),
        estimates=tuple(lead.estimate(level, tolerance) for lead in ordered),
        notes=unavailable_note(observations),
    )


class _Lead:
    """The lead of another layer over the named one in one task."""

    def __init__(self, task: str, layer: int, over: int, summary: Summary):
        self.task = task
        self.layer = layer
        self.over = over
        self.summary = summary

    def p_below(self, tolerance: float) -> float:
        from reproduce.statistics.paired import p_below

        return p_below(self.summary, tolerance)

    def p_above(self, tolerance: float) -> float:
        from reproduce.statistics.paired import p_above

        return p_above(self.summary, tolerance)

    def estimate(self, level: float, tolerance: float) -> Estimate:
        bounds = interval(self.summary, level)
        return Estimate(
            name=f"{self.task}: lead of layer {self.layer} over layer {self.over}",
            value=self.summary.mean,
            low=bounds.low if bounds else None,
            high=bounds.high if bounds else None,
            level=level,
            n=self.summary.n,
            sd=self.summary.sd,
            expected_high=tolerance,
        )


def _leads_over(curve: Curve, layer: int) -> list[_Lead]:
    k = curve.layers.index(layer)
    found = curve.leads()
    return [
        _Lead(
            curve.task,
            other,
            layer,
            Summary(
                mean=float(found.mean[i, k]),
                se=float(found.se[i, k]),
                df=float(found.df[i, k]),
                n=found.n,
                sd=float(found.se[i, k] * found.n**0.5),
            ),
        )
        for i, other in enumerate(curve.layers)
        if i != k
    ]


def _says(
    rivals: list[_Lead], its: tuple[Curve, ...], layer: int, tolerance: float, unit: str
) -> Says:
    top = rivals[0]
    bound = in_points(tolerance)
    tops = [f"{c.task} {c.layers[int(np.argmax(c.values.mean(axis=0)))]}" for c in its]
    best = f"best layers measured: {', '.join(tops)}; {count(top.summary.n, unit)}"
    lead = f"in {top.task} layer {top.layer} leads layer {layer} by {signed(top.summary.mean)}"
    return Says(
        supported=f"no layer leads layer {layer} by more than {bound} in any task; {best}",
        refuted=f"{lead} points, more than {bound}; {best}",
        undecided=f"{lead} points, neither clearly more nor clearly less than {bound}; {best}",
    )


def _undecided(rivals: list[_Lead], tolerance: float, alpha: float) -> Undecided:
    from reproduce.statistics.paired import quantile

    summaries = [lead.summary for lead in rivals]
    if any(s.n < 2 for s in summaries):
        return TOO_FEW
    if not any(s.testable for s in summaries):
        return NO_VARIANCE
    top = max(summaries, key=lambda s: s.mean)
    why = "straddles the tie tolerance" if abs(top.mean - tolerance) < top.se else "underpowered"
    condition = "if the measured leads are true"
    if top.mean > tolerance:
        needed = top.needed(top.mean - tolerance, alpha / len(rivals))
        return Undecided(why, units=needed, text=condition)
    every = [s.needed(tolerance - s.mean, alpha) for s in summaries]
    units = None if None in every else max(n for n in every if n is not None)
    if any(quantile(s.df, 1 - alpha) * s.se >= tolerance for s in summaries):
        why = "cannot be supported at this tolerance"
    return Undecided(why, units=units, text=condition)


def prospects(claim: Claim, size: Size) -> Prospects:
    """A tie is out of reach where leads are known less well than the tolerance."""
    from reproduce.statistics.power import (
        half_width,
        minimum_detectable_effect,
        seeds_for_half_width,
    )

    assert isinstance(claim.expect, BestLayerIs)
    tolerance = float(points(claim.expect.tie_tolerance))
    rivals = max(1, size.tasks * (size.layers - 1))
    attainable = half_width(size.n, size.alpha) * size.sd
    mde = minimum_detectable_effect(size.n, size.alpha / rivals) * size.sd
    supported = attainable < tolerance
    needed = None if supported else seeds_for_half_width(tolerance, size.sd, size.alpha)
    text = (
        f"With 80% power a rival's lead of {plain(tolerance + mde)} points would refute the claim; "
        f"leads are known to {plain(attainable)} points and ties reach to {plain(tolerance)}, so "
        f"it {'can' if supported else 'cannot'} be supported."
    )
    return Prospects(supported, True, mde, needed, text)

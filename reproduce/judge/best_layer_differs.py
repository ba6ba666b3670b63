"""Best layer differs: no one fusion layer serves all tasks of the claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from reproduce.judge.curve import Curve, curves
from reproduce.judge.equivalence import Tolerance
from reproduce.judge.finding import NO_VARIANCE, TOO_FEW, Finding, Says, Undecided, Unjudgeable
from reproduce.judge.numbers import count, in_points, percent, plain, signed
from reproduce.judge.observations import Observations
from reproduce.judge.outlook import Prospects, Size
from reproduce.judge.testing import interval_level, unavailable_note
from reproduce.nouns.claim import Claim, points
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.expectation import Expectation
from reproduce.nouns.verdict import Estimate

if TYPE_CHECKING:
    from reproduce.statistics.layers import BestLayer, Leads


class BestLayerDiffers(Expectation):
    """No layer is within `tie_tolerance` points of the best layer in every task."""

    quantity: ClassVar[str] = "layers"

    kind: Literal["best_layer_differs"] = "best_layer_differs"
    tie_tolerance: Tolerance


def judge(claim: Claim, observations: Observations) -> Finding:
    """Support if every layer is beaten in some task, refute if some layer ties for best in all.

    Raises:
        Unjudgeable: the records allow no test.
    """
    from reproduce.statistics.layers import best_layer_differs

    assert isinstance(claim.expect, BestLayerDiffers)
    if len(observations.tasks) < 2:
        raise Unjudgeable(Outcome.NOT_APPLICABLE, _too_few(observations))
    tolerance = float(points(claim.expect.tie_tolerance))
    its = curves(claim, observations)
    pairs = [curve.leads() for curve in its]
    result = best_layer_differs(pairs, tolerance)
    complete = not observations.design.unavailable
    view = _View(its, pairs, result, tolerance, interval_level(claim, observations))
    return Finding(
        test=f"max-t over {len(its)} tasks x {len(its[0].layers)} layers, Bonferroni, every layer",
        expectation=f"best layers differ by > {plain(tolerance)}",
        p_support=result.support,  # tasks that are missing could only add to the differences
        p_refute=result.refute if complete else 1.0,
        units=min(lead.n for lead in pairs),
        sentences=observations.sentences(),
        blocked=_blocked(pairs),
        says=view.says(claim.unit),
        undecided=view.undecided,
        estimates=view.estimates(),
        frequencies=lambda: _frequencies(its),
        notes=unavailable_note(observations),
    )


def _too_few(observations: Observations) -> str:
    there = ", ".join(observations.tasks) or "none"
    missing = "; ".join(f"{t}: {why}" for t, why in observations.design.unavailable.items())
    reason = f"comparing the best layers of tasks takes two tasks, available: {there}"
    return f"{reason} ({missing})" if missing else reason


def _blocked(pairs: list[Leads]) -> Outcome | None:
    one = any(lead.n < 2 for lead in pairs)
    flat = not any((lead.se > 0).any() for lead in pairs)
    return Outcome.INCONCLUSIVE if one or flat else None


def _frequencies(its: tuple[Curve, ...]) -> dict[str, dict[str, float]]:
    from reproduce.statistics.layers import selection_frequency

    return {
        curve.task: {
            str(layer): float(f)
            for layer, f in zip(curve.layers, selection_frequency(curve.values), strict=True)
        }
        for curve in its
    }


@dataclass(frozen=True, eq=False)
class _Lead:
    """How far layer `leader` leads layer `common` in one task."""

    task: int
    leader: int
    common: int


@dataclass(frozen=True, eq=False)
class _View:
    """The result in words and estimates."""

    curves: tuple[Curve, ...]
    leads: list[Leads]
    result: BestLayer
    tolerance: float
    level: float

    @property
    def layers(self) -> tuple[int, ...]:
        return self.curves[0].layers

    def largest_lead(self, common: int) -> _Lead:
        """The largest mean lead over one layer, in any task."""
        found = [
            (float(lead.mean[k, common]), t, k)
            for t, lead in enumerate(self.leads)
            for k in range(len(self.layers))
            if k != common
        ]
        _, task, leader = max(found)
        return _Lead(task, leader, common)

    @property
    def best_common(self) -> int:
        """The layer that comes closest to serving all tasks: the smallest of the largest leads."""
        largest = [self.mean(self.largest_lead(k)) for k in range(len(self.layers))]
        return int(np.argmin(largest))

    def mean(self, lead: _Lead) -> float:
        return float(self.leads[lead.task].mean[lead.leader, lead.common])

    def se(self, lead: _Lead) -> float:
        return float(self.leads[lead.task].se[lead.leader, lead.common])

    def estimate(self, lead: _Lead) -> Estimate:
        """A lead with its interval, which is not corrected for the search over layers."""
        from reproduce.statistics.paired import quantile

        n, df = self.leads[lead.task].n, self.leads[lead.task].df[lead.leader, lead.common]
        mean, se = self.mean(lead), self.se(lead)
        half = quantile(float(df), 0.5 + self.level / 2) * se if n > 1 and se > 0 else None
        layer, leader = self.layers[lead.common], self.layers[lead.leader]
        return Estimate(
            name=f"{self.curves[lead.task].task}: lead of layer {leader} over layer {layer}",
            value=mean,
            low=None if half is None else mean - half,
            high=None if half is None else mean + half,
            level=self.level,
            n=n,
            sd=se * n**0.5 if n > 1 else None,
            expected_low=self.tolerance,
            note=f"the largest lead over layer {layer}, the best common layer"
            if lead.common == self.best_common
            else f"the largest lead over layer {layer}",
        )

    def estimates(self) -> tuple[Estimate, ...]:
        """The lead over the best common layer, then each task's best layer over that layer."""
        common = self.best_common
        main = self.largest_lead(common)
        others = []
        for t, lead in enumerate(self.leads):
            leader = int(np.argmax(lead.mean[:, common]))
            if t != main.task and leader != common:
                others.append(self.estimate(_Lead(t, leader, common)))
        return (self.estimate(main), *others)

    def best(self) -> str:
        """The observed best layer of each task."""
        tops = [f"{c.task} {c.layers[int(np.argmax(c.values.mean(axis=0)))]}" for c in self.curves]
        return ", ".join(tops)

    def says(self, unit: str) -> Says:
        lead = self.largest_lead(self.best_common)
        n = min(lead.n for lead in self.leads)
        best = f"best layers measured: {self.best()}; {count(n, unit)}"
        layer, leader = self.layers[lead.common], self.layers[lead.leader]
        estimate = self.estimate(lead)
        interval = (
            f" ({percent(self.level)} interval {signed(estimate.low)} to {signed(estimate.high)})"
            if estimate.low is not None and estimate.high is not None
            else ""
        )
        closest = (
            f"layer {layer} comes closest to serving all tasks, and in "
            f"{self.curves[lead.task].task} layer {leader} leads it by {signed(self.mean(lead))} "
            f"points{interval}"
        )
        bound = in_points(self.tolerance)
        shared = self.layers[int(np.argmin(self.result.p_shared))]
        undecided = f"{closest}, which is neither clearly more nor clearly less than {bound}"
        if n < 2:
            undecided = f"{closest}; one {unit} has no variance to judge by"
        elif not any((lead.se > 0).any() for lead in self.leads):
            undecided = f"{closest}; without variance over {unit}s there is nothing to judge by"
        return Says(
            supported=f"every layer is beaten by more than {bound} in some task; {closest}; {best}",
            refuted=f"layer {shared} is within {bound} of the best layer in every task; {best}",
            undecided=f"{undecided}; {best}",
        )

    def undecided(self, alpha: float) -> Undecided:
        from reproduce.statistics.power import half_width, seeds_for_half_width, seeds_needed

        layers = len(self.layers)
        lead = self.largest_lead(self.best_common)
        n = self.leads[lead.task].n
        if n < 2:
            return TOO_FEW
        if self.se(lead) == 0:
            return NO_VARIANCE
        distance, se = self.mean(lead) - self.tolerance, self.se(lead)
        sd = se * n**0.5
        why = "straddles the tie tolerance" if abs(distance) < se else "underpowered"
        if distance > 0:
            needed = seeds_needed(distance, sd, alpha / self.result.comparisons)
            return Undecided(why, units=needed, text="if the measured leads are true")
        needed = seeds_needed(-distance, sd, alpha / layers)
        widest = max(float(task.se.max()) * task.n**0.5 for task in self.leads)
        if half_width(n, alpha / layers) * widest >= self.tolerance:
            attainable = seeds_for_half_width(self.tolerance, widest, alpha / layers)
            units = max(needed or 0, attainable or 0) or None
            return Undecided("cannot be refuted at this tolerance", units=units)
        return Undecided(why, units=needed, text="if the measured leads are true")


def prospects(claim: Claim, size: Size) -> Prospects:
    """A tie within the tolerance is out of reach where the bounds of the leads are wider."""
    from reproduce.statistics.power import (
        half_width,
        minimum_detectable_effect,
        seeds_for_half_width,
    )

    assert isinstance(claim.expect, BestLayerDiffers)
    if size.tasks < 2 or size.layers < 2:
        text = "Two tasks and two layers at least are needed to compare best layers."
        return Prospects(False, False, None, None, text)
    tolerance = float(points(claim.expect.tie_tolerance))
    comparisons = size.tasks * (size.layers - 1)
    mde = minimum_detectable_effect(size.n, size.alpha / comparisons) * size.sd
    attainable = half_width(size.n, size.alpha / size.layers) * size.sd
    refuted = attainable < tolerance
    needed = None
    text = (
        f"With 80% power a lead of {plain(tolerance + mde)} points over every common layer would "
        "be found; "
    )
    if refuted:
        text += f"a common layer could be shown, since leads are known to {plain(attainable)} "
        text += f"points and ties reach to {plain(tolerance)}."
    else:
        needed = seeds_for_half_width(tolerance, size.sd, size.alpha / size.layers)
        text += f"it cannot be refuted, since leads are known to {plain(attainable)} points only "
        text += f"and ties reach to {plain(tolerance)}."
    return Prospects(True, refuted, mde, needed, text)

"""Curves: scores over layers, unit by unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from reproduce.judge.finding import Unjudgeable
from reproduce.judge.gain import require_units
from reproduce.judge.observations import Observations, TaskScores
from reproduce.judge.quantity import (
    Term,
    by_language,
    by_meaning,
    by_unit,
    fixed,
    unit_by_language,
)
from reproduce.nouns.claim import Claim
from reproduce.nouns.evidence import Outcome

if TYPE_CHECKING:
    from reproduce.statistics.layers import Leads

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Curve:
    """Scores of one task over layers.

    Attributes:
        task: its name.
        layers: ascending.
        terms: what the score at each layer is made of.
        values: [units of the claim, layers], in percent.
        matrices: [layers, units, meanings] where sentences are drawn anew too, or
            [layers, languages, seeds] where languages are the unit; else None.
    """

    task: str
    layers: tuple[int, ...]
    terms: tuple[Term, ...]
    values: Floats
    matrices: Floats | None = None

    def leads(self) -> Leads:
        """How far each layer leads each other one."""
        from reproduce.statistics.layers import crossed_leads, leads

        return leads(self.values) if self.matrices is None else crossed_leads(self.matrices)


def curves(claim: Claim, observations: Observations) -> tuple[Curve, ...]:
    """Mean score over the target languages by layer, for every task.

    Raises:
        Unjudgeable: a task without complete units or layers, or tasks with different layers.
    """
    result = tuple(_curve(claim, observations, task) for task in observations.tasks.values())
    if len({curve.layers for curve in result}) > 1:
        raise Unjudgeable(Outcome.ERROR, "the tasks were measured at different layers")
    return result


def _curve(claim: Claim, observations: Observations, task: TaskScores) -> Curve:
    require_units(task)
    at = {
        arm.fusion.layer: i
        for i, arm in enumerate(task.arms)
        if arm.role == "treatment" and arm.fusion.layer is not None
    }
    layers = tuple(sorted(at))
    if len(layers) < 2:
        raise Unjudgeable(Outcome.ERROR, f"{task.task} was measured at fewer than two layers")
    targets = observations.targets(task)
    terms = tuple(fixed(1.0, task, at[layer], targets) for layer in layers)
    if claim.unit == "language-pair":
        raise Unjudgeable(Outcome.ERROR, "layers cannot be compared over pairs of languages")
    if claim.unit == "language":
        values = np.stack([by_language(observations, [t]) for t in terms], axis=1)
        if min(len(task.units), len(targets)) < 2:
            return Curve(task.task, layers, terms, values)
        each = np.stack([unit_by_language(observations, [t]).T for t in terms])
        return Curve(task.task, layers, terms, values, each)
    if claim.unit == "sentence":
        means = [by_meaning(observations, [t]).mean(axis=0) for t in terms]
        return Curve(task.task, layers, terms, np.stack(means, axis=1))
    values = np.stack([by_unit(observations, [t]) for t in terms], axis=1)
    if claim.inference == "new-sentences" and len(values) > 1:
        matrices = np.stack([by_meaning(observations, [t]) for t in terms])
        if matrices.shape[2] < 2:
            raise Unjudgeable(
                Outcome.INCONCLUSIVE, "one test sentence says nothing about new sentences"
            )
        return Curve(task.task, layers, terms, values, matrices)
    return Curve(task.task, layers, terms, values)

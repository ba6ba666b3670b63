"""Gates differ: a fusion module takes more of one layer on one task than on another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from reproduce.judge.equivalence import Tolerance
from reproduce.judge.finding import NO_VARIANCE, TOO_FEW, Finding, Says, Undecided, Unjudgeable
from reproduce.judge.numbers import in_points, measured, plain
from reproduce.judge.observations import Observations, TaskScores
from reproduce.judge.outlook import Prospects, Size
from reproduce.judge.quantity import Quantity, Sample
from reproduce.judge.testing import (
    above,
    below,
    estimate,
    interval_level,
    name_of_test,
    require_variance,
    unavailable_note,
)
from reproduce.nouns.claim import Claim, points
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.expectation import Expectation
from reproduce.nouns.record import GATE_NUMBERS, Record
from reproduce.statistics.paired import summarise

Floats = npt.NDArray[np.float64]


class GatesDiffer(Expectation):
    """The mean gate of two tasks differs by more than `margin` points, at every layer.

    A gate of 100 points takes the last layer alone, one of 0 the lower layer alone. Which task's
    gate is higher is not expected. Supported where the difference lies outside the margin in
    either direction at every layer; refuted where it lies inside at some layer.
    """

    quantity: ClassVar[str] = "gates"

    kind: Literal["gates_differ"] = "gates_differ"
    margin: Tolerance = "1.0"


def judge(claim: Claim, observations: Observations) -> Finding:
    """Test the difference against both ends of the margin, layer by layer.

    Raises:
        Unjudgeable: not two tasks with the same layers, or records without gates.
    """
    from reproduce.statistics.multiplicity import every, some

    assert isinstance(claim.expect, GatesDiffer)
    margin = float(points(claim.expect.margin))
    one, other = _two_tasks(observations)
    found = [_difference(observations, one, other, layer) for layer in _layers(one, other)]
    blocking = require_variance(found, claim.unit)
    outside = [
        min(1.0, 2 * min(above(q, margin, observations), below(q, -margin, observations)))
        for q in found
    ]
    inside = [max(above(q, -margin, observations), below(q, margin, observations)) for q in found]
    # The layer that decides comes first: it is the one that the report draws.
    ordered = [found[i] for i in sorted(range(len(found)), key=lambda i: -outside[i])]
    level = interval_level(claim, observations)
    return Finding(
        test=name_of_test(claim, sides="two-sided") + (", all layers" if len(found) > 1 else ""),
        expectation=f"|difference of gates| > {plain(margin)}",
        p_support=every(outside),
        p_refute=some(inside),
        units=min(q.summary.n for q in found),
        sentences=observations.sentences(),
        blocked=blocking.outcome if blocking else None,
        says=_says(ordered, margin, level, claim.unit, blocking.reason if blocking else ""),
        undecided=lambda alpha: _undecided(ordered, margin, alpha),
        estimates=tuple(estimate(q, level) for q in ordered),
        notes=(
            f"True where a difference lies outside {plain(-margin)} to {plain(margin)} points",
            *(
                _variation(observations, task, layer)
                for task in (one, other)
                for layer in _layers(one, other)
            ),
            *unavailable_note(observations),
        ),
        quantities=tuple(ordered),
    )


def _two_tasks(observations: Observations) -> tuple[TaskScores, TaskScores]:
    missing = observations.design.unavailable
    if missing:
        task, why = next(iter(missing.items()))
        raise Unjudgeable(Outcome.NOT_APPLICABLE, f"{task} is not available: {why}")
    tasks = list(observations.tasks.values())
    if len(tasks) != 2:
        raise Unjudgeable(Outcome.ERROR, f"two tasks are compared, but there are {len(tasks)}")
    return tasks[0], tasks[1]


def _layers(one: TaskScores, other: TaskScores) -> tuple[int, ...]:
    shared = set(_by_layer(one)) & set(_by_layer(other))
    if not shared:
        raise Unjudgeable(Outcome.ERROR, "the tasks have no fused layer in common")
    return tuple(sorted(shared))


def _by_layer(task: TaskScores) -> dict[int, int]:
    """The arm of each fused layer, by its place."""
    return {
        arm.fusion.layer: i
        for i, arm in enumerate(task.arms)
        if arm.role == "treatment" and arm.fusion.layer is not None
    }


def _difference(
    observations: Observations, one: TaskScores, other: TaskScores, layer: int
) -> Quantity:
    units = sorted(set(one.units) & set(other.units))
    if not units:
        raise Unjudgeable(Outcome.ERROR, "no unit finished on both tasks")
    gates = [_gates(observations, task.take(units), layer) for task in (one, other)]
    values = gates[0] - gates[1]
    title = f"gate at layer {layer}, {one.task} minus {other.task}"
    return Quantity(
        task=f"layer {layer}",
        title=title,
        subject=f"at layer {layer} the gate of {one.task} takes {gates[0].mean():.1f} % of the "
        f"last layer, that of {other.task} {gates[1].mean():.1f} %: a difference of",
        sample=Sample(values, summarise(values)),
    )


def _gates(observations: Observations, task: TaskScores, layer: int) -> Floats:
    """Mean gate over the target languages in every unit, in points, [units]."""
    arm = _by_layer(task)[layer]
    return np.array([_mean_gate(observations, task, record) for record in task.records[arm]])


def _mean_gate(observations: Observations, task: TaskScores, record: Record) -> float:
    numbers = [_numbers(record, language, task.task) for language in observations.targets(task)]
    weights = [n["tokens"] if observations.average == "micro" else 1.0 for n in numbers]
    return 100 * float(np.average([n["mean"] for n in numbers], weights=weights))


def _numbers(record: Record, language: str, task: str) -> dict[str, float]:
    found = record.content.measures.get(f"gate/{language}/all")
    if found is None:
        raise Unjudgeable(
            Outcome.ERROR, f"a record of {task} has no gate in {language}: its module has none"
        )
    return dict(zip(GATE_NUMBERS, found, strict=True))


def _variation(observations: Observations, task: TaskScores, layer: int) -> str:
    """What one task's gate varies by over seeds, sentences and tokens."""
    arm = _by_layer(task)[layer]
    seeds = _gates(observations, task, layer)
    within = [
        [_numbers(record, language, task.task) for language in observations.targets(task)]
        for record in task.records[arm]
    ]
    tokens, sentences = (
        100 * float(np.mean([n[name] for unit in within for n in unit]))
        for name in ("sd between tokens", "sd between sentences")
    )
    over = f"{seeds.std(ddof=1):.2f} over seeds, " if len(seeds) > 1 else ""
    return (
        f"{task.task} at layer {layer}: mean gate {seeds.mean():.1f} points; sd {over}"
        f"{sentences:.2f} over sentences, {tokens:.2f} over tokens"
    )


def _says(found: Sequence[Quantity], margin: float, level: float, unit: str, blocking: str) -> Says:
    texts = [f"{q.subject} {measured(q.summary, level, unit)}" for q in found]
    smallest = min(range(len(found)), key=lambda i: abs(found[i].summary.mean))
    head = "" if len(found) == 1 else f"at all {len(found)} layers, least clearly so: "
    size = in_points(margin)
    return Says(
        supported=f"{head}{texts[0]}, more than {size} in size",
        refuted=f"{texts[smallest]}, less than {size} in size",
        undecided=blocking or f"{texts[0]}, neither clearly more nor clearly less than {size}",
    )


def _undecided(found: Sequence[Quantity], margin: float, alpha: float) -> Undecided:
    summaries = [q.summary for q in found]
    if any(s.n < 2 for s in summaries):
        return TOO_FEW
    if not all(s.testable for s in summaries):
        return NO_VARIANCE
    condition = "if the measured differences are true"
    small = [s for s in summaries if abs(s.mean) <= margin]
    if small:
        # The surest of the small differences is enough to refute; both one-sided tests must pass.
        decisive = max(small, key=lambda s: (margin - abs(s.mean)) / s.se)
        distance = margin - abs(decisive.mean)
        needed = decisive.needed(distance, alpha / len(found), 0.9)
    else:
        decisive = min(summaries, key=lambda s: (abs(s.mean) - margin) / s.se)
        distance = abs(decisive.mean) - margin
        every = [s.needed(abs(s.mean) - margin, alpha / 2) for s in summaries]
        needed = None if None in every else max(n for n in every if n is not None)
    why = "straddles the margin" if distance < decisive.se else "underpowered"
    return Undecided(why, units=needed, text=condition)


def prospects(claim: Claim, size: Size) -> Prospects:
    """A large difference can always be found; a small one only where the interval is narrow."""
    from reproduce.statistics.power import (
        half_width,
        minimum_detectable_effect,
        seeds_for_half_width,
    )

    assert isinstance(claim.expect, GatesDiffer)
    margin = float(points(claim.expect.margin))
    attainable = half_width(size.n, size.alpha / max(1, size.layers)) * size.sd
    refuted = attainable < margin
    mde = minimum_detectable_effect(size.n, size.alpha / 2) * size.sd
    text = f"With 80% power a difference of {in_points(margin + mde)} would support the claim; "
    if refuted:
        text += f"one close to 0 would refute it, the interval being {plain(attainable)} points "
        text += "to either side."
        return Prospects(True, True, mde, None, text)
    needed = seeds_for_half_width(margin, size.sd, size.alpha / max(1, size.layers))
    text += f"it cannot be refuted, since the interval extends {plain(attainable)} points to "
    text += f"either side and the margin is {plain(margin)}."
    return Prospects(True, False, mde, needed, text)

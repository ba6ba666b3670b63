"""Gains: the paired difference between treatment and baseline, with honest selection of a layer."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from reproduce.judge.finding import Unjudgeable
from reproduce.judge.observations import Contrast, Observations, TaskScores
from reproduce.judge.quantity import OtherSelection, Quantity, Term, measure
from reproduce.nouns.claim import Claim
from reproduce.nouns.design import arm_title
from reproduce.nouns.evidence import Outcome

Floats = npt.NDArray[np.float64]


def contrasts(task: TaskScores) -> tuple[Contrast, ...]:
    """Each treatment with the baseline of the same layer, or the only one there is.

    Raises:
        Unjudgeable: no treatment, or no baseline to compare it with.
    """
    baselines = [arm for arm in task.arms if arm.role == "baseline"]
    pairs = []
    for arm in task.arms:
        if arm.role != "treatment":
            continue
        same = [b for b in baselines if b.fusion.layer == arm.fusion.layer]
        fitting = same or [b for b in baselines if b.fusion.layer is None]
        if len(fitting) != 1:
            raise Unjudgeable(
                Outcome.ERROR, f"{arm_title(arm)} has {len(fitting)} baselines to compare with"
            )
        pairs.append(Contrast(treatment=arm, baseline=fitting[0]))
    if not pairs:
        raise Unjudgeable(Outcome.ERROR, f"{task.task} has no treatment to judge")
    return tuple(pairs)


def require_units(task: TaskScores) -> None:
    """Refuse a task of which no unit finished in all arms.

    Raises:
        Unjudgeable: no unit is complete.
    """
    if not task.units:
        raise Unjudgeable(Outcome.ERROR, f"no unit of {task.task} finished in all arms")


def gains(claim: Claim, observations: Observations) -> tuple[Quantity, ...]:
    """The gain on every task: at the layer chosen on the source language's development data.

    Raises:
        Unjudgeable: a task without complete units, baseline, or development data to choose on.
    """
    return tuple(_gain(claim, observations, task) for task in observations.tasks.values())


def gain_terms(
    task: TaskScores, pair: Contrast, languages: tuple[str, ...], sign: float = 1.0
) -> tuple[Term, Term]:
    """Treatment minus baseline over some languages."""
    return (
        Term(sign, task, task.arms.index(pair.treatment), languages),
        Term(-sign, task, task.arms.index(pair.baseline), languages),
    )


def chosen(observations: Observations, task: TaskScores) -> Contrast:
    """The contrast whose treatment is best on the source language's development data.

    Raises:
        Unjudgeable: no complete units, no contrast, or no development data to choose on.
    """
    require_units(task)
    pairs = contrasts(task)
    if len(pairs) == 1:
        return pairs[0]
    treatments = [task.arms.index(p.treatment) for p in pairs]
    return pairs[_best(observations.source_scores(task)[treatments])]


def contrast_title(pair: Contrast) -> str:
    """`pos dlfa@4 over last`."""
    baseline = pair.baseline.fusion
    layer = "" if baseline.layer is None else f"@{baseline.layer}"
    label = f" ({pair.baseline.label})" if pair.baseline.label else ""
    return f"{arm_title(pair.treatment)} over {baseline.kind}{layer}{label}"


def _gain(claim: Claim, observations: Observations, task: TaskScores) -> Quantity:
    require_units(task)
    pair = chosen(observations, task)
    terms = gain_terms(task, pair, observations.targets(task))
    title = contrast_title(pair)
    several = len(contrasts(task)) > 1
    return Quantity(
        task=task.task,
        title=title,
        subject=f"{title} gains",
        sample=measure(claim, observations, terms),
        terms=terms,
        selection=_other_selections(claim, observations, task) if several else (),
        notes=(_how_chosen(observations, task, pair),) if several else (),
    )


def _how_chosen(observations: Observations, task: TaskScores, pair: Contrast) -> str:
    return (
        f"{task.task}: layer {pair.treatment.fusion.layer} of {len(contrasts(task))} chosen on "
        f"the development data of {observations.design.source_language}"
    )


def _other_selections(
    claim: Claim, observations: Observations, task: TaskScores
) -> tuple[OtherSelection, ...]:
    """What choosing on target data would have shown; never judged by."""
    pairs = contrasts(task)
    treatments = [task.arms.index(p.treatment) for p in pairs]
    rules = [("test", "optimistic")]
    if observations.targets(task, "dev"):
        rules.insert(0, ("dev", "oracle"))
    others = []
    for split, name in rules:
        pair = pairs[_best(observations.target_scores(task, split)[treatments])]
        terms = gain_terms(task, pair, observations.targets(task))
        where = "target dev" if split == "dev" else "test"
        others.append(
            OtherSelection(
                name=f"{task.task}: layer chosen on {where} ({name})",
                title=contrast_title(pair),
                sample=measure(claim, observations, terms),
            )
        )
    return tuple(others)


def _best(scores: Floats) -> int:
    """Index of the highest mean over units; the first, so the lowest layer, where several tie."""
    return int(np.argmax(np.round(scores.mean(axis=1), 9)))

"""Gains: the paired difference between treatment and baseline, with honest selection of a layer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reproduce.judge.finding import Unjudgeable
from reproduce.judge.observations import Contrast, Observations, TaskScores
from reproduce.nouns.design import arm_title
from reproduce.nouns.evidence import Outcome
from reproduce.statistics.paired import Summary, summarise

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class OtherSelection:
    """The gain that another way of choosing the layer would have shown."""

    name: str
    title: str
    values: Floats


@dataclass(frozen=True, eq=False)
class Gain:
    """The gain on one task.

    Attributes:
        task: its name.
        title: what is compared with what.
        values: paired differences in points, [units].
        selection: gains under other selection rules; empty where nothing was selected.
        notes: how the layer was chosen.
    """

    task: str
    title: str
    values: Floats
    selection: tuple[OtherSelection, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def summary(self) -> Summary:
        """Mean and standard error over units."""
        return summarise(self.values)


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


def gains(
    observations: Observations, *, average: str = "macro", checkpoint: str | None = None
) -> tuple[Gain, ...]:
    """The gain on every task: at the layer chosen on the source language's development data.

    Raises:
        Unjudgeable: a task without complete units, baseline, or development data to choose on.
    """
    return tuple(_gain(observations, task, average) for task in observations.tasks.values())


def _gain(observations: Observations, task: TaskScores, average: str) -> Gain:
    require_units(task)
    pairs = contrasts(task)
    test = observations.target_scores(task, average=average)
    differences = np.stack(
        [test[task.arms.index(p.treatment)] - test[task.arms.index(p.baseline)] for p in pairs]
    )
    if len(pairs) == 1:
        return Gain(task=task.task, title=_title(pairs[0]), values=differences[0])
    treatments = [task.arms.index(p.treatment) for p in pairs]
    chosen = _best(observations.source_scores(task)[treatments])
    others = []
    if observations.targets(task, "dev"):
        oracle = _best(observations.target_scores(task, "dev")[treatments])
        name = f"{task.task}: layer chosen on target dev (oracle)"
        others.append(OtherSelection(name, _title(pairs[oracle]), differences[oracle]))
    optimist = _best(test[treatments])
    name = f"{task.task}: layer chosen on test (optimistic)"
    others.append(OtherSelection(name, _title(pairs[optimist]), differences[optimist]))
    layer = pairs[chosen].treatment.fusion.layer
    return Gain(
        task=task.task,
        title=_title(pairs[chosen]),
        values=differences[chosen],
        selection=tuple(others),
        notes=(
            f"{task.task}: layer {layer} of {len(pairs)} chosen on the development data of "
            f"{observations.design.source_language}",
        ),
    )


def _best(scores: Floats) -> int:
    """Index of the highest mean over units; the first, so the lowest layer, where several tie."""
    return int(np.argmax(np.round(scores.mean(axis=1), 9)))


def _title(pair: Contrast) -> str:
    baseline = pair.baseline.fusion
    layer = "" if baseline.layer is None else f"@{baseline.layer}"
    label = f" ({pair.baseline.label})" if pair.baseline.label else ""
    return f"{arm_title(pair.treatment)} over {baseline.kind}{layer}{label}"

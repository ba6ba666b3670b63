"""Shuffled labels: the baseline trained on labels that mean nothing, against chance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from reproduce.experiments import Designer
from reproduce.experiments.fusion_sweep import (
    FusionSweep,
    Seeds,
    cell_of,
    design_of,
    distinct,
)
from reproduce.nouns.cell import FineTune, Fusion, Majority
from reproduce.nouns.claim import CheckpointRule, Claim
from reproduce.nouns.design import Arm, Design, Trial
from reproduce.nouns.experiment import Experiment
from reproduce.nouns.scene import Needs, Scene, versions
from reproduce.nouns.setting import Language, Setting, TaskName


class ShuffledLabels(Experiment):
    """The baseline trained on shuffled labels, against always answering the most frequent label.

    A control: labels that were moved at random to other words or pairs can teach a model nothing
    but how often each of them occurs, so it must score what chance does. On words a model so
    trained answers the same as chance in every seed, which leaves no variance to judge by: take a
    task of pairs, whose labels are about equally frequent.
    """

    quantities: ClassVar[tuple[str, ...]] = ("gain",)
    units: ClassVar[tuple[str, ...]] = ("seed",)

    kind: Literal["shuffled_labels"] = "shuffled_labels"
    tasks: Annotated[
        tuple[TaskName, ...], Field(min_length=1, max_length=20), AfterValidator(distinct)
    ]
    languages: str | tuple[Language, ...]
    seeds: Seeds
    checkpoint: CheckpointRule = "last"


def design(claim: Claim, scene: Scene, look: int = 0) -> Design:
    """Chance as the baseline, the model of shuffled labels as the treatment, over the look's seeds.

    Raises:
        UserError: a language set or language that the scene does not have.
    """
    experiment = claim.experiment
    assert isinstance(experiment, ShuffledLabels)
    sweep = _as_sweep(experiment)

    def trials(task: str, targets: tuple[str, ...], units: range) -> Iterator[Trial]:
        chance = Arm(task=task, fusion=Fusion(kind="majority"), role="baseline")
        model = Arm(task=task, fusion=Fusion(), role="treatment", label="shuffled labels")
        for unit in units:
            cell = cell_of(model, unit, targets=targets, experiment=sweep, scene=scene)
            trained = cell.model_copy(update={"labels": "shuffled"})
            yield Trial(arm=chance, unit=unit, cell=_chance(trained, scene))
            yield Trial(arm=model, unit=unit, cell=trained)

    return design_of(claim, scene, look, sweep=sweep, trials=trials)


def _as_sweep(experiment: ShuffledLabels) -> FusionSweep:
    return FusionSweep(fusion="last", **experiment.model_dump(exclude={"kind"}))


def _chance(cell: FineTune, scene: Scene) -> Majority:
    """One cell for all seeds: nothing in it is random."""
    return Majority(
        model=cell.model,
        task=cell.task,
        evaluate=cell.evaluate,
        steps=versions(Majority, scene),
        train=cell.train,
        max_length=cell.training.max_length,
        long=cell.training.long,
        checkpoints=cell.checkpoints,
    )


def quick(experiment: Experiment, scene: Scene) -> ShuffledLabels:
    """Two seeds."""
    assert isinstance(experiment, ShuffledLabels)
    return experiment.model_copy(update={"seeds": Seeds(looks=(2,))})


def needs(experiment: Experiment, setting: Setting) -> Needs:
    """The tasks that it trains."""
    assert isinstance(experiment, ShuffledLabels)
    return Needs(experiment.tasks)


DESIGNER = Designer(design=design, quick=quick, needs=needs)

"""Gate dynamics: how the gate of a fusion module differs between tasks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from reproduce.experiments import Designer
from reproduce.experiments.fusion_sweep import (
    FusionSweep,
    Seeds,
    arms,
    cell_of,
    design_of,
    distinct,
    lower_layers,
)
from reproduce.nouns.claim import Claim
from reproduce.nouns.design import Design, Trial
from reproduce.nouns.experiment import Experiment
from reproduce.nouns.scene import Needs, Scene
from reproduce.nouns.setting import Language, Setting, TaskName


class GateDynamics(Experiment):
    """DLFA at some lower layers on two tasks; the cells are those of a fusion sweep.

    Every cell with a gate keeps how it is distributed (see `reproduce.training.gates`).
    """

    quantities: ClassVar[tuple[str, ...]] = ("gates",)
    units: ClassVar[tuple[str, ...]] = ("seed",)

    kind: Literal["gate_dynamics"] = "gate_dynamics"
    tasks: Annotated[
        tuple[TaskName, ...], Field(min_length=2, max_length=2), AfterValidator(distinct)
    ]
    layers: Literal["all"] | tuple[Annotated[int, Field(ge=1)], ...] = "all"
    languages: str | tuple[Language, ...]
    seeds: Seeds
    checkpoint: Literal["last"] = "last"
    reading: Literal["complementary", "product"] = "complementary"
    squeeze: Annotated[int, Field(ge=1)] = 4


def _as_sweep(experiment: GateDynamics) -> FusionSweep:
    return FusionSweep(**experiment.model_dump(exclude={"kind"}))


def design(claim: Claim, scene: Scene, look: int = 0) -> Design:
    """The fused arms of both tasks, over the look's seeds.

    Raises:
        UserError: a layer, language set or language that the scene does not have.
    """
    experiment = claim.experiment
    assert isinstance(experiment, GateDynamics)
    sweep = _as_sweep(experiment)

    def trials(task: str, targets: tuple[str, ...], units: range) -> Iterator[Trial]:
        for arm in arms(sweep, task, scene):
            for unit in units if arm.role == "treatment" else ():
                cell = cell_of(arm, unit, targets=targets, experiment=sweep, scene=scene)
                yield Trial(arm=arm, unit=unit, cell=cell)

    return design_of(claim, scene, look, sweep=sweep, trials=trials)


def quick(experiment: Experiment, scene: Scene) -> GateDynamics:
    """Two seeds and one layer, in the middle."""
    assert isinstance(experiment, GateDynamics)
    layers = lower_layers(_as_sweep(experiment), scene)
    middle = (layers[len(layers) // 2],)
    return experiment.model_copy(update={"layers": middle, "seeds": Seeds(looks=(2,))})


def needs(experiment: Experiment, setting: Setting) -> Needs:
    """Both tasks."""
    assert isinstance(experiment, GateDynamics)
    return Needs(experiment.tasks)


DESIGNER = Designer(design=design, quick=quick, needs=needs)

"""Module contract: exact checks of the encoder and the fusion modules against a description."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from reproduce.experiments import Designer
from reproduce.models.fusion import check_fusion
from reproduce.nouns.cell import Fusion
from reproduce.nouns.claim import Claim
from reproduce.nouns.contract import CHECKS, ContractCell
from reproduce.nouns.design import Arm, Design, Trial
from reproduce.nouns.experiment import Experiment
from reproduce.nouns.scene import Needs, Scene, slice_key, versions
from reproduce.nouns.setting import Setting, TaskName
from reproduce.registry import did_you_mean

Reading = Literal["complementary", "product"]


def _known(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name not in CHECKS:
            guess = did_you_mean(name, CHECKS, "no check is named so.")
            raise ValueError(f"unknown check {name!r}; {guess} There are: {', '.join(CHECKS)}")
    return names


class ModuleContract(Experiment):
    """Checks of DLFA's modules over a setting's own encoder, with real and random hidden states.

    Attributes:
        checks: what the claim is about; see `reproduce.nouns.contract.CHECKS`.
        readings: of the sentence that is cut off before what the gate is multiplied with.
        squeezes: ratios r of a branch's bottleneck.
        task: whose test sentences in the source language are fed through the encoder.
    """

    quantities: ClassVar[tuple[str, ...]] = ("checks",)
    units: ClassVar[tuple[str, ...]] = ("sentence",)

    kind: Literal["module_contract"] = "module_contract"
    checks: Annotated[tuple[str, ...], Field(min_length=1), AfterValidator(_known)]
    readings: Annotated[tuple[Reading, ...], Field(min_length=1)] = ("complementary", "product")
    squeezes: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(min_length=1)] = (4, 16)
    task: TaskName = "pos"


def modules(experiment: ModuleContract, scene: Scene) -> tuple[Fusion, ...]:
    """DLFA in every reading and squeeze, over the middle layer.

    Raises:
        UserError: a squeeze that does not divide the hidden size.
    """
    found = [
        Fusion(kind="dlfa", layer=max(1, scene.model.layers // 2), reading=reading, squeeze=squeeze)
        for reading in experiment.readings
        for squeeze in experiment.squeezes
    ]
    for fusion in found:
        check_fusion(fusion, layers=scene.model.layers, hidden=scene.model.hidden)
    return tuple(found)


def design(claim: Claim, scene: Scene, look: int = 0) -> Design:
    """One cell that makes all checks of the claim.

    Raises:
        UserError: a squeeze that does not divide the hidden size.
    """
    experiment = claim.experiment
    assert isinstance(experiment, ModuleContract)
    task, setting = experiment.task, scene.setting
    trials: tuple[Trial, ...] = ()
    if task not in scene.unavailable:
        cell = ContractCell(
            model=scene.model.digest,
            task=task,
            evaluate=(scene.slices[slice_key(task, setting.source_language, "test")],),
            checks=experiment.checks,
            modules=modules(experiment, scene),
            steps=versions(ContractCell, scene),
        )
        arm = Arm(task=task, fusion=Fusion(), role="treatment", label="checks")
        trials = (Trial(arm=arm, unit=0, cell=cell),)
    return Design(
        claim=claim.id,
        trials=trials,
        source_language=setting.source_language,
        targets=(),
        looks=(1,),
        unavailable={t: why for t, why in scene.unavailable.items() if t == task},
    )


def quick(experiment: Experiment, scene: Scene) -> ModuleContract:
    """The whole of it: it takes seconds."""
    assert isinstance(experiment, ModuleContract)
    return experiment


def needs(experiment: Experiment, setting: Setting) -> Needs:
    """The task whose sentences are fed through the encoder."""
    assert isinstance(experiment, ModuleContract)
    return Needs((experiment.task,))


DESIGNER = Designer(design=design, quick=quick, needs=needs)

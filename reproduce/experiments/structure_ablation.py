"""Structure ablation: encoders pretrained on text against others whose text lacked something."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, model_validator

from reproduce.experiments import Designer
from reproduce.experiments.fusion_sweep import (
    FusionSweep,
    Seeds,
    cell_of,
    distinct,
    resolve_languages,
)
from reproduce.nouns.cell import FineTune, Fusion
from reproduce.nouns.claim import CheckpointRule, Claim
from reproduce.nouns.design import Arm, Design, Trial
from reproduce.nouns.experiment import Experiment
from reproduce.nouns.scene import Needs, Scene
from reproduce.nouns.setting import Language, Setting, TaskName

RANDOM = "random"
_HINT = "`reproduce pretrain arms` makes the encoders of the setting world"


class StructureAblation(Experiment):
    """The baseline, last layer alone, over encoders of several pretraining runs of two arms.

    The gain is that of pretraining on `text` over pretraining on `ablation`. Run number u of an arm
    is the setting's variant `ARM-u`; `random` is the first arm's encoder with all weights drawn
    anew.

    Attributes:
        text: `full`, or `scrambled`, the words of each sentence in random order.
        ablation: likewise; or `topic-free`, each word drawn anew by its frequency, which takes away
            which words go together, and order besides; or `random`, no pretraining at all.
        runs: pretraining runs of either arm, the units.
        fine_tunings: seeds of fine-tuning each run, pooled: those of one checkpoint are no units.
    """

    quantities: ClassVar[tuple[str, ...]] = ("gain",)
    units: ClassVar[tuple[str, ...]] = ("pretraining",)

    kind: Literal["structure_ablation"] = "structure_ablation"
    tasks: Annotated[
        tuple[TaskName, ...], Field(min_length=1, max_length=20), AfterValidator(distinct)
    ]
    text: Literal["full", "scrambled"] = "full"
    ablation: Literal["scrambled", "topic-free", "random"]
    languages: str | tuple[Language, ...]
    runs: Annotated[int, Field(ge=1, le=100)] = 3
    fine_tunings: Annotated[int, Field(ge=1, le=100)] = 2
    checkpoint: CheckpointRule = "last"

    @model_validator(mode="after")
    def _two_arms(self) -> StructureAblation:
        if self.text == self.ablation:
            raise ValueError(f"both arms are {self.text!r}; they must differ")
        return self


def variant_names(experiment: StructureAblation) -> tuple[str, ...]:
    """The variants of the setting that both arms are made of."""
    arms: list[str] = [experiment.text]
    if experiment.ablation != RANDOM:
        arms.append(experiment.ablation)
    return tuple(f"{arm}-{run}" for arm in arms for run in range(experiment.runs))


def design(claim: Claim, scene: Scene, look: int = 0) -> Design:
    """Either arm of every task, over all pretraining runs and their fine-tuning seeds.

    Raises:
        UserError: a language set or language that the scene does not have.
    """
    experiment = claim.experiment
    assert isinstance(experiment, StructureAblation)
    targets = resolve_languages(experiment.languages, scene)
    missing = {t: scene.unavailable[t] for t in experiment.tasks if t in scene.unavailable}
    absent = [name for name in variant_names(experiment) if name not in scene.variants]
    if absent:
        why = scene.absent.get(absent[0], f"the variant {absent[0]!r} was not looked up")
        missing = dict.fromkeys(experiment.tasks, f"{why.splitlines()[0]}; {_HINT}")
    trials = [
        Trial(arm=arm, unit=run, cell=_cell(experiment, arm, run, seed, targets, scene))
        for task in experiment.tasks
        if task not in missing
        for arm in _arms(experiment, task)
        for run in range(experiment.runs)
        for seed in range(experiment.fine_tunings)
    ]
    return Design(
        claim=claim.id,
        trials=tuple(trials),
        source_language=scene.setting.source_language,
        targets=targets,
        looks=(experiment.runs,),
        unavailable=missing,
    )


def _arms(experiment: StructureAblation, task: str) -> tuple[Arm, Arm]:
    return (
        Arm(task=task, fusion=Fusion(), role="baseline", label=experiment.ablation),
        Arm(task=task, fusion=Fusion(), role="treatment", label=experiment.text),
    )


def _cell(
    experiment: StructureAblation,
    arm: Arm,
    run: int,
    seed: int,
    targets: tuple[str, ...],
    scene: Scene,
) -> FineTune:
    """The baseline of a fusion sweep, in the scene of one pretraining run."""
    pretrained = experiment.text if arm.label == RANDOM else arm.label
    sweep = FusionSweep(
        tasks=experiment.tasks,
        languages=targets,
        seeds=Seeds(looks=(experiment.fine_tunings,)),
        checkpoint=experiment.checkpoint,
    )
    # Runs share no seeds, so that what chance gives one of them says nothing of another.
    cell = cell_of(
        arm,
        run * experiment.fine_tunings + seed,
        targets=targets,
        experiment=sweep,
        scene=scene.variants[f"{pretrained}-{run}"],
    )
    return cell.model_copy(update={"encoder": "random"}) if arm.label == RANDOM else cell


def quick(experiment: Experiment, scene: Scene) -> StructureAblation:
    """Two runs with one seed each."""
    assert isinstance(experiment, StructureAblation)
    return experiment.model_copy(update={"runs": min(2, experiment.runs), "fine_tunings": 1})


def needs(experiment: Experiment, setting: Setting) -> Needs:
    """The tasks, in the setting's variants."""
    assert isinstance(experiment, StructureAblation)
    return Needs(experiment.tasks, variants=variant_names(experiment))


DESIGNER = Designer(design=design, quick=quick, needs=needs)

"""Source selection: a related language, an unrelated one, several, or the target's own data."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import AfterValidator, Field

from reproduce.experiments import Designer
from reproduce.experiments.fusion_sweep import Seeds, increasing
from reproduce.experiments.languages import codes_of, distance, typological_distances
from reproduce.experiments.variants import scene_of, why_absent
from reproduce.nouns.base import Name
from reproduce.nouns.cell import DataSlice, FineTune, Fusion
from reproduce.nouns.claim import Claim
from reproduce.nouns.design import OWN, Arm, Design, Trial
from reproduce.nouns.experiment import Experiment
from reproduce.nouns.scene import Needs, Portion, Scene, portion_key, slice_key, versions
from reproduce.nouns.setting import Language, Setting, TaskName


class SourceSelection(Experiment):
    """What to train on for a target with little data of its own; each target is a task.

    Every condition takes as many steps as the setting's training: where there are fewer sentences
    they are seen more often. The related source is the typologically nearest language of the
    target's family; the unrelated one lies at the median distance among those of other families,
    neither the best nor the worst; several are the nearest ones whatever their family, with as many
    sentences in all as a single source. Ties go to the setting's order.

    Attributes:
        targets: a named set or a list of codes, without the setting's source language; each needs a
            relative and an unrelated language with training data.
        sizes: sentences of the target's own data; what its corpus does not hold is left out.
        several: how many sources are put together; 0 leaves the condition out.
    """

    quantities: ClassVar[tuple[str, ...]] = ("gain", "sizes")
    units: ClassVar[tuple[str, ...]] = ("seed",)

    kind: Literal["source_selection"] = "source_selection"
    task: TaskName = "pos"
    targets: str | tuple[Language, ...]
    sizes: Annotated[
        tuple[Annotated[int, Field(ge=1)], ...], Field(max_length=12), AfterValidator(increasing)
    ] = ()
    several: Annotated[int, Field(ge=0, le=10)] = 3
    seeds: Seeds
    variant: Name | None = None


class Sources(NamedTuple):
    """What the conditions of one target train on."""

    related: str
    unrelated: str
    several: tuple[str, ...]


def targets_of(experiment: SourceSelection, setting: Setting) -> tuple[str, ...]:
    """The targets of a claim; a named set may hold the source language, which is none.

    Raises:
        UserError: no such set or language in the setting.
    """
    named = codes_of(experiment.targets, setting)
    return tuple(code for code in named if code != setting.source_language)


def sources_of(target: str, experiment: SourceSelection, scene: Scene) -> Sources | None:
    """The sources of one target, among languages with training data; None where one is missing."""
    setting = scene.setting
    whole = _whole(experiment, setting)
    others = [
        code
        for code in setting.languages
        if code != target and portion_key(Portion(experiment.task, code, whole)) in scene.slices
    ]
    distances = typological_distances([target, *others], setting, experiment.task)
    ordered = sorted(others, key=lambda code: distance(distances, target, code))
    family = setting.languages[target].family
    kin = [code for code in ordered if setting.languages[code].family == family]
    strangers = [code for code in ordered if setting.languages[code].family != family]
    if not kin or not strangers:
        return None
    middle = strangers[(len(strangers) - 1) // 2]
    return Sources(kin[0], middle, tuple(ordered[: experiment.several]))


def _whole(experiment: SourceSelection, setting: Setting) -> int:
    """Training sentences of a single source."""
    return setting.tasks[experiment.task].train


def _share(experiment: SourceSelection, setting: Setting) -> int:
    """Training sentences of each of several sources."""
    return max(1, _whole(experiment, setting) // max(1, experiment.several))


def arm_task(task: str, target: str) -> str:
    """The name under which the arms of one target are compared: `pos for kor`."""
    return f"{task} for {target}"


def design(claim: Claim, scene: Scene, look: int = 0) -> Design:
    """Arms `related`, `unrelated`, `several` and `own:N` for each target, over the look's seeds.

    Raises:
        UserError: a language set or language that the setting does not have.
    """
    experiment = claim.experiment
    assert isinstance(experiment, SourceSelection)
    own = scene_of(experiment.variant, scene)
    setting = (own or scene).setting
    targets = targets_of(experiment, setting)
    missing = why_absent(experiment.variant, scene)
    if own is not None and experiment.task in own.unavailable:
        missing[experiment.task] = own.unavailable[experiment.task]
    trials: list[Trial] = []
    for target in targets if not missing else ():
        assert own is not None
        if why := _why_not(target, experiment, own):
            missing[arm_task(experiment.task, target)] = why
            continue
        for arm, train in _conditions(target, experiment, own):
            trials += [
                Trial(arm=arm, unit=seed, cell=_cell(target, train, seed, experiment, own))
                for seed in range(experiment.seeds.looks[look])
            ]
    return Design(
        claim=claim.id,
        trials=tuple(trials),
        source_language=setting.source_language,
        targets=targets,
        looks=experiment.seeds.looks,
        look=look,
        unavailable=missing,
        targets_of={arm_task(experiment.task, target): (target,) for target in targets},
    )


def _why_not(target: str, experiment: SourceSelection, scene: Scene) -> str:
    if slice_key(experiment.task, target, "test") not in scene.slices:
        return f"{target} has no test data"
    if sources_of(target, experiment, scene) is None:
        return f"no relative of {target}, or no unrelated language, has training data"
    return ""


def _portions(experiment: SourceSelection, setting: Setting) -> Iterator[Portion]:
    """Training data that conditions may take: which languages have some is not known before."""
    if experiment.task not in setting.tasks:
        return
    targets = targets_of(experiment, setting)
    for code in setting.languages:
        yield Portion(experiment.task, code, _whole(experiment, setting))
        if experiment.several:
            yield Portion(experiment.task, code, _share(experiment, setting))
        for size in experiment.sizes if code in targets else ():
            yield Portion(experiment.task, code, size)


def _conditions(
    target: str, experiment: SourceSelection, scene: Scene
) -> Iterator[tuple[Arm, tuple[DataSlice, ...]]]:
    sources = sources_of(target, experiment, scene)
    assert sources is not None
    task, whole = experiment.task, _whole(experiment, scene.setting)

    def arm(label: str, role: Literal["baseline", "treatment", "control"]) -> Arm:
        return Arm(task=arm_task(task, target), fusion=Fusion(), role=role, label=label)

    def first(code: str, count: int) -> DataSlice:
        return scene.slices[portion_key(Portion(task, code, count))]

    yield arm("unrelated", "baseline"), (first(sources.unrelated, whole),)
    yield arm("related", "treatment"), (first(sources.related, whole),)
    if sources.several:
        each = _share(experiment, scene.setting)
        yield arm("several", "control"), tuple(first(code, each) for code in sources.several)
    for size in experiment.sizes:
        own = scene.slices.get(portion_key(Portion(task, target, size)))
        if own is not None and own.count == size:
            yield arm(f"{OWN}{size}", "control"), (own,)


def _cell(
    target: str,
    train: tuple[DataSlice, ...],
    seed: int,
    experiment: SourceSelection,
    scene: Scene,
) -> FineTune:
    """A cell that takes as many steps as the setting's training, and evaluates the target alone."""
    setting = scene.setting
    task = setting.tasks[experiment.task]
    count = sum(piece.count for piece in train)
    epochs = max(1, math.ceil(task.training.epochs * _steps(task.train, task.training.batch_size)
                              / _steps(count, task.training.batch_size)))  # fmt: skip
    return FineTune(
        model=scene.model.digest,
        task=experiment.task,
        pair_head=setting.pair_head,
        train=train,
        evaluate=(scene.slices[slice_key(experiment.task, target, "test")],),
        training=task.training.model_copy(update={"epochs": min(epochs, 1000)}),
        checkpoints=("last",),
        seed=seed,
        steps=versions(FineTune, scene),
    )


def _steps(count: int, batch_size: int) -> int:
    return math.ceil(count / batch_size)


def quick(experiment: Experiment, scene: Scene) -> SourceSelection:
    """The first target, two sizes, two seeds."""
    assert isinstance(experiment, SourceSelection)
    own = scene_of(experiment.variant, scene) or scene
    targets = targets_of(experiment, own.setting)
    sizes = experiment.sizes
    few = tuple(sorted({sizes[0], sizes[-1]})) if sizes else ()
    cut = {"targets": targets[:1], "sizes": few, "seeds": Seeds(looks=(2,))}
    return experiment.model_copy(update=cut)


def needs(experiment: Experiment, setting: Setting) -> Needs:
    """The task, and the portions of training data that the conditions take."""
    assert isinstance(experiment, SourceSelection)
    return Needs(
        (experiment.task,),
        variants=(experiment.variant,) if experiment.variant else (),
        portions=tuple(dict.fromkeys(_portions(experiment, setting))),
    )


DESIGNER = Designer(design=design, quick=quick, needs=needs)

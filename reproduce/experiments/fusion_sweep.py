"""Fusion sweep: the last layer fused with each lower layer in turn, against a baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from reproduce.errors import UserError
from reproduce.experiments import Designer
from reproduce.models.fusion import check_fusion, needs_lower, plain
from reproduce.nouns.base import Noun
from reproduce.nouns.cell import DataSlice, FineTune, Fusion, Split
from reproduce.nouns.claim import CheckpointRule, Claim
from reproduce.nouns.design import Arm, Design, Trial
from reproduce.nouns.experiment import Experiment
from reproduce.nouns.scene import Needs, Scene, slice_key, versions
from reproduce.nouns.setting import Language, Setting, TaskName
from reproduce.registry import did_you_mean


def increasing(looks: tuple[int, ...]) -> tuple[int, ...]:
    """The numbers, if they increase; for fields of experiments."""
    if any(b <= a for a, b in zip(looks, looks[1:], strict=False)):
        raise ValueError(f"the looks must increase, as in [8, 12]; found {list(looks)}")
    return looks


def distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    """The values, none of them twice."""
    if len(set(values)) != len(values):
        raise ValueError(
            f"named more than once: {sorted({v for v in values if values.count(v) > 1})}"
        )
    return values


class Seeds(Noun):
    """Numbers of seeds at which the claim may be judged; the error is split over them."""

    looks: Annotated[
        tuple[Annotated[int, Field(ge=1, le=1000)], ...],
        Field(min_length=1, max_length=5),
        AfterValidator(increasing),
    ]


class FusionSweep(Experiment):
    """One fusion module at every lower layer, on one or several tasks.

    With `baseline_offset` the baseline is trained with other seeds than the treatment: the control
    "baseline against itself". With `encoder: degraded` the last layer is spoiled in both arms: the
    control in which a lower layer must help.
    """

    quantities: ClassVar[tuple[str, ...]] = ("gain", "layers")
    units: ClassVar[tuple[str, ...]] = ("seed",)

    kind: Literal["fusion_sweep"] = "fusion_sweep"
    tasks: Annotated[
        tuple[TaskName, ...], Field(min_length=1, max_length=20), AfterValidator(distinct)
    ]
    fusion: str = "dlfa"
    against: str = "last"
    layers: Literal["all"] | tuple[Annotated[int, Field(ge=1)], ...] = "all"
    languages: str | tuple[Language, ...]
    seeds: Seeds
    checkpoint: CheckpointRule = "last"
    reading: Literal["complementary", "product"] = "complementary"
    squeeze: Annotated[int, Field(ge=1)] = 4
    baseline_offset: Annotated[int, Field(ge=0)] = 0
    encoder: Literal["whole", "degraded"] = "whole"


def resolve_languages(named: str | tuple[str, ...], scene: Scene) -> tuple[str, ...]:
    """The codes that a named set or a list stands for, without the source language.

    Raises:
        UserError: no such set or language in the setting.
    """
    setting = scene.setting
    if isinstance(named, str):
        if named not in setting.sets:
            raise UserError(
                f"unknown set of languages {named!r} in setting {setting.name!r}",
                allowed=", ".join(sorted(setting.sets)) + ", or a list of codes",
                next_step=did_you_mean(named, setting.sets),
            )
        named = setting.sets[named]
    for code in named:
        if code not in setting.languages:
            raise UserError(
                f"unknown language {code!r} in setting {setting.name!r}",
                allowed=", ".join(sorted(setting.languages)),
                next_step=did_you_mean(code, setting.languages),
            )
    return tuple(code for code in named if code != setting.source_language)


def lower_layers(experiment: FusionSweep, scene: Scene) -> tuple[int, ...]:
    """The layers to fuse, from 1 to L-1.

    Raises:
        UserError: a layer that the model does not have, or its last one.
    """
    available = range(1, scene.model.layers)
    if experiment.layers == "all":
        some = scene.setting.fused_layers
        return tuple(layer for layer in available if layer in some) or tuple(available)
    for layer in experiment.layers:
        if layer not in available:
            raise UserError(
                f"layer {layer} cannot be fused: the model has {scene.model.layers} layers, "
                "and the last one is the baseline",
                allowed=f"lower layers 1 to {scene.model.layers - 1}, or 'all'",
            )
    return tuple(experiment.layers)


def _fusions(kind: str, experiment: FusionSweep, scene: Scene) -> Iterator[Fusion]:
    layers = lower_layers(experiment, scene) if needs_lower(kind) else (None,)
    for layer in layers:
        wanted = Fusion(
            kind=kind, layer=layer, reading=experiment.reading, squeeze=experiment.squeeze
        )
        fusion = plain(wanted)
        check_fusion(fusion, layers=scene.model.layers, hidden=scene.model.hidden)
        yield fusion


def arms(experiment: FusionSweep, task: str, scene: Scene) -> tuple[Arm, ...]:
    """The arms of one task: baseline first, then the treatment at each layer."""
    offset = experiment.baseline_offset
    label = f"seeds from {offset}" if offset else ""
    baseline = [
        Arm(task=task, fusion=fusion, role="baseline", label=label)
        for fusion in _fusions(experiment.against, experiment, scene)
    ]
    treatment = [
        Arm(task=task, fusion=fusion, role="treatment")
        for fusion in _fusions(experiment.fusion, experiment, scene)
    ]
    return (*baseline, *treatment)


def _checkpoints(experiment: FusionSweep, scene: Scene) -> tuple[CheckpointRule, ...]:
    wanted = {*scene.setting.checkpoints, experiment.checkpoint}
    order: tuple[CheckpointRule, ...] = ("last", "source-dev", "target-dev")
    return tuple(rule for rule in order if rule in wanted)


def cell_of(
    arm: Arm, seed: int, *, targets: tuple[str, ...], experiment: FusionSweep, scene: Scene
) -> FineTune:
    """The cell that trains one arm with one seed.

    It evaluates the source and the targets, development and test, so that every way of choosing a
    layer or a checkpoint can be judged from the one record.
    """
    setting = scene.setting
    task = setting.tasks[arm.task]

    def piece(language: str, split: Split) -> DataSlice:
        return scene.slices[slice_key(arm.task, language, split)]

    languages = (setting.source_language, *targets)
    present = [c for c in languages if slice_key(arm.task, c, "test") in scene.slices]
    evaluate = [piece(c, "test") for c in present]
    evaluate += [piece(c, "dev") for c in present if slice_key(arm.task, c, "dev") in scene.slices]
    return FineTune(
        model=scene.model.digest,
        fusion=arm.fusion,
        task=arm.task,
        pair_head=setting.pair_head,
        train=(piece(setting.source_language, "train"),),
        evaluate=tuple(evaluate),
        training=task.training,
        checkpoints=_checkpoints(experiment, scene),
        encoder=experiment.encoder,
        seed=seed,
        steps=versions(FineTune, scene),
    )


TrialsOfTask = Callable[[str, tuple[str, ...], range], Iterable[Trial]]
"""The trials of a task, from its name, the target languages and the units."""


def design_of(
    claim: Claim, scene: Scene, look: int, *, sweep: FusionSweep, trials: TrialsOfTask
) -> Design:
    """The trials of every task of a sweep that the setting has, over the look's seeds.

    Raises:
        UserError: a language set or language that the scene does not have.
    """
    looks = sweep.seeds.looks
    targets = resolve_languages(sweep.languages, scene)
    missing = {t: scene.unavailable[t] for t in sweep.tasks if t in scene.unavailable}
    there = [task for task in sweep.tasks if task not in missing]
    return Design(
        claim=claim.id,
        trials=tuple(t for task in there for t in trials(task, targets, range(looks[look]))),
        source_language=scene.setting.source_language,
        targets=targets,
        looks=looks,
        look=look,
        unavailable=missing,
    )


def design(claim: Claim, scene: Scene, look: int = 0) -> Design:
    """Baseline and treatment arms of every task that the setting has, over the look's seeds.

    Raises:
        UserError: a layer, language set or language that the scene does not have.
    """
    experiment = claim.experiment
    assert isinstance(experiment, FusionSweep)

    def trials(task: str, targets: tuple[str, ...], units: range) -> Iterator[Trial]:
        for arm in arms(experiment, task, scene):
            offset = experiment.baseline_offset if arm.role == "baseline" else 0
            for unit in units:
                cell = cell_of(
                    arm, unit + offset, targets=targets, experiment=experiment, scene=scene
                )
                yield Trial(arm=arm, unit=unit, cell=cell)

    return design_of(claim, scene, look, sweep=experiment, trials=trials)


def quick(experiment: Experiment, scene: Scene) -> FusionSweep:
    """Two seeds and two layers: a middle one and the highest lower one."""
    assert isinstance(experiment, FusionSweep)
    layers = lower_layers(experiment, scene)
    few = tuple(sorted({layers[len(layers) // 2], layers[-1]}))
    return experiment.model_copy(update={"layers": few, "seeds": Seeds(looks=(2,))})


def needs(experiment: Experiment, setting: Setting) -> Needs:
    """The tasks that the sweep trains."""
    assert isinstance(experiment, FusionSweep)
    return Needs(experiment.tasks)


DESIGNER = Designer(design=design, quick=quick, needs=needs)

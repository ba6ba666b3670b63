"""Code-switching: models trained on real, generated and monolingual data, tested on real data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import Field, model_validator

from reproduce.errors import UserError
from reproduce.experiments import Designer
from reproduce.experiments.fusion_sweep import Seeds
from reproduce.nouns.cell import Adapt, DataSlice, FineTune, Fusion
from reproduce.nouns.claim import CheckpointRule, Claim
from reproduce.nouns.design import Arm, Design, Trial
from reproduce.nouns.experiment import Experiment
from reproduce.nouns.scene import MixedNeed, Needs, Scene, versions
from reproduce.nouns.setting import Setting, TaskName
from reproduce.tasks import TASKS

GENERATORS = ("dictionary", "random", "insertion", "ec")
LABELLED = ("source", "monolingual", *(f"synthetic-{g}" for g in GENERATORS), "real",
            "synthetic+real")  # fmt: skip
UNLABELLED = ("nothing", "monolingual", "random", "ec", "real")
TEXT = "text"
_CURVE = re.compile(r"real-(\d+)(\+synthetic)?")

# The corpus of a pair that an arm's name stands for: what follows the pair's name.
_CORPUS = {"source": "@source", "monolingual": "@both", "real": "", "random": "@random",
           "ec": "@ec", **{f"synthetic-{g}": f"@{g}" for g in GENERATORS}}  # fmt: skip

Pair = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{1,7}--[A-Za-z][A-Za-z0-9_]{1,7}$")]


class Data(NamedTuple):
    """What an arm is trained on: corpora with their numbers of sentences, and unlabelled text."""

    train: tuple[tuple[str, int], ...]
    text: tuple[str, int] | None = None


class CodeSwitch(Experiment):
    """Arms that differ in their data alone, tested on real code-switching of one pair.

    * `labelled`: fine-tuned on `sentences` sentences of each kind of data;
    * `unlabelled`: masked language modelling goes on over `text` sentences of each kind, then
      fine-tuning on `sentences` real ones;
    * `curve`: fine-tuned on `sentences` sentences of the source language and so many real ones,
      with (`real-50+synthetic`) or without (`real-50`) `synthetic` generated ones.

    All arms take the same number of `updates`. `treatment` and `baseline` are compared by claims
    about a gain; arms that run `also` are there for claims about an order, and for the report.
    """

    quantities: ClassVar[tuple[str, ...]] = ("gain",)
    units: ClassVar[tuple[str, ...]] = ("seed",)

    kind: Literal["code_switch"] = "code_switch"
    task: TaskName = "pos"
    pair: Pair
    group: Literal["labelled", "unlabelled", "curve"]
    treatment: str
    baseline: str
    also: tuple[str, ...] = ()
    sentences: Annotated[int, Field(ge=1)] = 400
    updates: Annotated[int, Field(ge=1)] = 80
    text: Annotated[int, Field(ge=1)] = 1000
    text_updates: Annotated[int, Field(ge=1)] = 100
    synthetic: Annotated[int, Field(ge=1)] = 1000
    generator: Literal["dictionary", "random", "insertion", "ec"] = "ec"
    scripts: bool = False
    seeds: Seeds
    checkpoint: CheckpointRule = "last"

    @model_validator(mode="after")
    def _known_arms(self) -> CodeSwitch:
        names = (self.treatment, self.baseline, *self.also)
        if len(set(names)) != len(names):
            raise ValueError(f"an arm is named more than once: {', '.join(names)}")
        for name in names:
            _check_name(name, self.group)
        return self


def _check_name(name: str, group: str) -> None:
    if group == "curve":
        if _CURVE.fullmatch(name) is None:
            raise ValueError(f"unknown arm {name!r}; allowed: real-50, real-50+synthetic")
        return
    known = LABELLED if group == "labelled" else UNLABELLED
    if name not in known:
        raise ValueError(f"unknown arm {name!r}; allowed: {', '.join(known)}")


def data_of(name: str, experiment: CodeSwitch) -> Data:
    """What an arm is trained on."""
    pair, count = experiment.pair, experiment.sentences
    if experiment.group == "unlabelled":
        text = None if name == "nothing" else (pair + _CORPUS[name], experiment.text)
        return Data(((pair, count),), text)
    if experiment.group == "labelled" and name != "synthetic+real":
        return Data(((pair + _CORPUS[name], count),))
    generated = f"{pair}@{experiment.generator}"
    if experiment.group == "labelled":
        return Data(((generated, count - count // 2), (pair, count // 2)))
    match = _CURVE.fullmatch(name)
    assert match is not None
    parts = [(f"{pair}@source", count)]
    if int(match[1]):
        parts.append((pair, int(match[1])))
    if match[2]:
        parts.append((generated, experiment.synthetic))
    return Data(tuple(parts))


def arms(experiment: CodeSwitch) -> tuple[Arm, ...]:
    """Baseline, treatment, and what runs beside them."""
    roles: dict[str, Literal["baseline", "treatment", "control"]] = {
        experiment.baseline: "baseline",
        experiment.treatment: "treatment",
        **dict.fromkeys(experiment.also, "control"),
    }
    return tuple(
        Arm(task=experiment.task, fusion=Fusion(), role=role, label=name)
        for name, role in roles.items()
    )


def _needed(experiment: CodeSwitch, setting: Setting) -> Iterator[MixedNeed]:
    for arm in arms(experiment):
        data = data_of(arm.label, experiment)
        for part in data.train:
            yield MixedNeed(experiment.task, part[0], "train", part[1])
        if data.text is not None:
            yield MixedNeed(text_task(experiment, setting), data.text[0], "train", data.text[1])


def text_task(experiment: CodeSwitch, setting: Setting) -> str:
    """The task whose corpora are the text of unlabelled arms: a setting may name texts apart."""
    mixing = setting.code_switching
    return TEXT if mixing is not None and TEXT in mixing.tasks else experiment.task


def _tested(experiment: CodeSwitch, setting: Setting) -> Iterator[MixedNeed]:
    """Real test data, whole and, where it is asked for, all in one script or the other."""
    mixing = setting.code_switching
    if mixing is None or experiment.task not in mixing.tasks:
        return
    count = mixing.tasks[experiment.task].test
    for corpus in ("", "@roman", "@native") if experiment.scripts else ("",):
        yield MixedNeed(experiment.task, experiment.pair + corpus, "test", count)


def needs(experiment: Experiment, setting: Setting) -> Needs:
    """The corpora of all arms and of the test."""
    assert isinstance(experiment, CodeSwitch)
    return Needs((), mixed=(*_needed(experiment, setting), *_tested(experiment, setting)))


def design(claim: Claim, scene: Scene, look: int = 0) -> Design:
    """Every arm over the look's seeds, tested on the same real sentences.

    Raises:
        UserError: a corpus has fewer sentences than the arms are to have.
    """
    experiment = claim.experiment
    assert isinstance(experiment, CodeSwitch)
    looks = experiment.seeds.looks
    missing = _missing(experiment, scene)
    trials = [] if missing else [
        Trial(arm=arm, unit=seed, cell=cell_of(arm, seed, experiment, scene))
        for arm in arms(experiment)
        for seed in range(looks[look])
    ]  # fmt: skip
    return Design(
        claim=claim.id,
        trials=tuple(trials),
        source_language=scene.setting.source_language,
        targets=(experiment.pair,),
        looks=looks,
        look=look,
        unavailable={experiment.task: missing} if missing else {},
    )


def _missing(experiment: CodeSwitch, scene: Scene) -> str:
    """Why the setting cannot run this; empty if it can."""
    if scene.setting.code_switching is None:
        return f"setting {scene.setting.name!r} has no code-switching"
    for need in needs(experiment, scene.setting).mixed:
        if need.key() not in scene.slices:
            known = scene.unavailable.get(f"{need.task}/{need.corpus}", "")
            return known or f"there is no corpus {need.corpus}"
    if not list(_tested(experiment, scene.setting)):
        return f"setting {scene.setting.name!r} has no code-switched data of {experiment.task!r}"
    return ""


def cell_of(arm: Arm, seed: int, experiment: CodeSwitch, scene: Scene) -> FineTune:
    """The cell that trains one arm with one seed."""
    setting = scene.setting
    mixing = setting.code_switching
    assert mixing is not None
    data = data_of(arm.label, experiment)
    adapt = None
    if data.text is not None:
        adapt = Adapt(
            text=(_piece(scene, text_task(experiment, setting), *data.text),),
            updates=experiment.text_updates,
            learning_rate=mixing.adapt_learning_rate,
        )
    training = mixing.tasks[experiment.task].training
    return FineTune(
        model=scene.model.digest,
        fusion=arm.fusion,
        task=experiment.task,
        pair_head=setting.pair_head,
        train=tuple(_piece(scene, experiment.task, *part) for part in data.train),
        evaluate=_evaluated(experiment, scene),
        training=training.model_copy(update={"updates": experiment.updates}),
        checkpoints=("last",),
        seed=seed,
        steps=versions(FineTune, scene),
        adapt=adapt,
    )


def _piece(scene: Scene, task: str, corpus: str, count: int) -> DataSlice:
    piece = scene.slices[MixedNeed(task, corpus, "train", count).key()]
    if piece.count < count:
        raise UserError(
            f"{corpus} has {piece.count} sentences, the arm is to have {count}",
            next_step="arms are compared at equal numbers: set experiment.sentences (or text,"
            f" synthetic) to at most {piece.count}",
        )
    return piece


def _evaluated(experiment: CodeSwitch, scene: Scene) -> tuple[DataSlice, ...]:
    """The test sets, and of the real one the words at switches, and all others, by themselves.

    Only where words are labelled, and their languages are known.
    """
    whole = [scene.slices[need.key()] for need in _tested(experiment, scene.setting)]
    mixing = scene.setting.code_switching
    assert mixing is not None
    options = mixing.tasks[experiment.task].data.options
    if TASKS.get(experiment.task).form != "words" or options.get("languages") is False:
        return tuple(whole)
    parts = [whole[0].model_copy(update={"part": part}) for part in ("switch", "inside")]
    return (*whole, *parts)


def quick(experiment: Experiment, scene: Scene) -> CodeSwitch:
    """Two seeds."""
    assert isinstance(experiment, CodeSwitch)
    return experiment.model_copy(update={"seeds": Seeds(looks=(2,))})


DESIGNER = Designer(design=design, quick=quick, needs=needs)

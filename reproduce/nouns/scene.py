"""A scene: the facts about model and data that a setting names, as found on this machine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from reproduce.nouns.base import Noun
from reproduce.nouns.cell import Cell, DataSlice, Split
from reproduce.nouns.setting import Setting


class ModelFacts(Noun):
    """What planning needs to know of a checkpoint."""

    digest: str
    folder: str
    layers: int
    hidden: int
    vocabulary: int


class Scene(Noun):
    """Everything that a design depends on beside the claim; made by `reproduce.survey`.

    Attributes:
        setting: the setting as loaded, overrides applied.
        model: the checkpoint.
        slices: `slice_key(task, language, split)` -> pinned data.
        steps: versions of the code steps of a cell.
        unavailable: tasks that the setting does not have or whose data are absent, with the reason.
        variants: the scenes of the setting's variants that the claims ask for.
        absent: variants that they ask for and that are not to be had, with the reason.
    """

    setting: Setting
    model: ModelFacts
    slices: dict[str, DataSlice]
    steps: dict[str, str]
    unavailable: dict[str, str] = {}
    variants: dict[str, Scene] = {}
    absent: dict[str, str] = {}


class Portion(NamedTuple):
    """The first so many training examples of a language."""

    task: str
    language: str
    size: int


class MixedNeed(NamedTuple):
    """So many sentences of a corpus of the setting's `code_switching`."""

    task: str
    corpus: str
    split: Split
    sentences: int

    def key(self) -> str:
        """Key of `Scene.slices`."""
        return f"{self.task}/{self.corpus}/{self.split}/{self.sentences}"


class Needs(NamedTuple):
    """What the experiment of a claim must find on this machine.

    Attributes:
        tasks: the tasks that need data.
        train: languages beside the source that are trained on.
        variants: variants of the setting.
        portions: training data of other sizes than the setting's; see `portion_key`.
        mixed: corpora of code-switching.
    """

    tasks: tuple[str, ...]
    train: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    portions: tuple[Portion, ...] = ()
    mixed: tuple[MixedNeed, ...] = ()


def merged(needs: Iterable[Needs]) -> Needs:
    """What several claims need together."""
    every = list(needs)
    return Needs(
        tuple(dict.fromkeys(t for n in every for t in n.tasks)),
        tuple(dict.fromkeys(c for n in every for c in n.train)),
        tuple(dict.fromkeys(v for n in every for v in n.variants)),
        tuple(dict.fromkeys(p for n in every for p in n.portions)),
        tuple(dict.fromkeys(m for n in every for m in n.mixed)),
    )


def versions(kind: type[Cell], scene: Scene) -> dict[str, str]:
    """Versions of the code steps that a kind of cell uses."""
    return {name: scene.steps[name] for name in kind.uses}


def slice_key(task: str, language: str, split: Split) -> str:
    """Key of `Scene.slices`."""
    return f"{task}/{language}/{split}"


def portion_key(portion: Portion) -> str:
    """Key of `Scene.slices`; the slice is shorter where the corpus holds no more."""
    return f"{portion.task}/{portion.language}/train/{portion.size}"

"""A scene: the facts about model and data that a setting names, as found on this machine."""

from __future__ import annotations

from reproduce.nouns.base import Noun
from reproduce.nouns.cell import DataSlice, Split
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
    """

    setting: Setting
    model: ModelFacts
    slices: dict[str, DataSlice]
    steps: dict[str, str]
    unavailable: dict[str, str] = {}


def slice_key(task: str, language: str, split: Split) -> str:
    """Key of `Scene.slices`."""
    return f"{task}/{language}/{split}"

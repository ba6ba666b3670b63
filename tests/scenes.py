"""Scenes made by hand, for tests of planning that need neither model nor data."""

from __future__ import annotations

from collections.abc import Sequence

from reproduce.nouns.cell import DataSlice, Split
from reproduce.nouns.evidence import Evidence
from reproduce.nouns.scene import ModelFacts, Scene, slice_key
from reproduce.nouns.setting import DataChoice, LanguageInfo, Setting, TaskSetting, Training
from reproduce.steps import STEPS


def make_scene(
    tasks: Sequence[str] = ("pos", "ner"),
    languages: Sequence[str] = ("src", "one", "two"),
    *,
    layers: int = 4,
    version: str = "1",
) -> Scene:
    """A scene whose first language is the source; every split holds ten examples."""
    task = TaskSetting(
        data=DataChoice(source="world"),
        train=10,
        dev=10,
        test=10,
        training=Training(epochs=1, learning_rate=1e-3),
    )
    setting = Setting(
        name="made-by-hand",
        title="Made by hand",
        evidence=Evidence.SIMULATED,
        checkpoint="nowhere",
        source_language=languages[0],
        languages={c: LanguageInfo(name=c, family="f") for c in languages},
        sets={"all": tuple(languages)},
        tasks={name: task for name in tasks},
    )

    def piece(task: str, language: str, split: Split) -> DataSlice:
        return DataSlice(
            source="world",
            name="w",
            language=language,
            task=task,
            split=split,
            count=10,
            digest="d",
        )

    splits: tuple[Split, ...] = ("train", "dev", "test")
    slices = {slice_key(t, c, s): piece(t, c, s) for t in tasks for c in languages for s in splits}
    model = ModelFacts(digest="m", folder="/nowhere", layers=layers, hidden=16, vocabulary=50)
    return Scene(setting=setting, model=model, slices=slices, steps={**STEPS, "training": version})

"""Survey: looks up, on this machine, the model and the data that a setting names."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple, get_args

from reproduce.data.places import corpus_key, data_of, describe
from reproduce.errors import AbsentError, CheckpointError, DataError, UserError
from reproduce.fetch import unfetched
from reproduce.models.checkpoint import inspect_checkpoint
from reproduce.nouns.cell import DataSlice, Split, Whereabouts
from reproduce.nouns.scene import (
    MixedNeed,
    ModelFacts,
    Needs,
    Portion,
    Scene,
    portion_key,
    slice_key,
)
from reproduce.nouns.setting import DataChoice, Setting, TaskSetting
from reproduce.nouns.source import SOURCES
from reproduce.steps import STEPS
from reproduce.tasks import TASKS

_SPLITS: tuple[Split, ...] = get_args(Split)


class Surveyed(NamedTuple):
    """The facts for planning, and the places for the cells."""

    scene: Scene
    whereabouts: Whereabouts


def _describe(
    task: str, setting: Setting, choice: TaskSetting, needs: Needs
) -> dict[str, DataSlice]:
    if task in TASKS and TASKS.get(task).form == "translation":
        return _describe_translations(task, setting, choice)
    splits = _describe_splits(task, setting, choice, needs.train)
    return splits | _describe_portions(task, choice, needs.portions)


def _languages(setting: Setting, choice: TaskSetting) -> list[str]:
    """The languages that a task has data of: all, where its source needs no files."""
    files = choice.data.files
    return [c for c in setting.languages if not files or c in files or c == setting.source_language]


def _describe_translations(
    task: str, setting: Setting, choice: TaskSetting
) -> dict[str, DataSlice]:
    """Test sets alone: nothing is trained, and the source language is on the other side of each."""
    return {
        slice_key(task, language, "test"): describe(
            choice.data, task, language, "test", choice.test
        )
        for language in _languages(setting, choice)
        if language != setting.source_language
    }


def _describe_portions(
    task: str, choice: TaskSetting, portions: Collection[Portion]
) -> dict[str, DataSlice]:
    found = {}
    for portion in portions:
        if portion.task != task:
            continue
        try:
            piece = describe(choice.data, task, portion.language, "train", portion.size)
        except AbsentError:
            continue  # no training data in this language: the design says what it lacks
        found[portion_key(portion)] = piece
    return found


def _describe_splits(
    task: str, setting: Setting, choice: TaskSetting, train: Collection[str]
) -> dict[str, DataSlice]:
    counts: dict[Split, int] = {"train": choice.train, "dev": choice.dev, "test": choice.test}
    found = {}
    for language in _languages(setting, choice):
        for split in _SPLITS:
            is_source = language == setting.source_language
            if split == "train" and not is_source and language not in train:
                continue
            if split == "dev" and language in choice.data.training:
                continue  # it may be what is trained on
            try:
                piece = describe(choice.data, task, language, split, counts[split])
            except AbsentError:
                # Many target treebanks have a test set alone. The source needs all three: it is
                # trained on, and layers and checkpoints are chosen on its development data.
                if is_source or split == "test":
                    raise
                continue
            found[slice_key(task, language, split)] = piece
    return found


def survey(setting: Setting, needs: Needs) -> Surveyed:
    """The scene of a setting for what claims need; what it lacks is noted, not an error.

    Raises:
        CheckpointError: the model folder cannot be used.
        DataError: a corpus that the setting names is absent or torn.
    """
    scene, places = _survey_one(setting, needs)
    variants: dict[str, Scene] = {}
    absent: dict[str, str] = {}
    for name in needs.variants:
        if name not in setting.variants:
            known = ", ".join(sorted(setting.variants)) or "none"
            absent[name] = f"setting {setting.name!r} has no variant {name!r} (it has: {known})"
            continue
        try:
            variants[name], its_places = _survey_one(_varied(setting, name), needs)
        except (CheckpointError, DataError) as error:
            absent[name] = str(error)
            continue
        places = _joined(places, its_places)
    return Surveyed(scene.model_copy(update={"variants": variants, "absent": absent}), places)


def _varied(setting: Setting, name: str) -> Setting:
    variant = setting.variants[name]
    tasks = {}
    for task, choice in setting.tasks.items():
        options = {**choice.data.options, **variant.options}
        data = choice.data.model_copy(update={"options": options})
        tasks[task] = choice.model_copy(update={"data": data})
    checkpoint = variant.checkpoint or setting.checkpoint
    return setting.model_copy(update={"checkpoint": checkpoint, "tasks": tasks, "variants": {}})


def _joined(one: Whereabouts, other: Whereabouts) -> Whereabouts:
    return Whereabouts(
        checkpoints=one.checkpoints | other.checkpoints,
        corpora=one.corpora | other.corpora,
        options=one.options | other.options,
    )


def _mixed_choice(setting: Setting, need: MixedNeed) -> TaskSetting:
    """The data of a task with code-switching.

    Raises:
        DataError: the setting has none.
    """
    mixing = setting.code_switching
    pair = need.corpus.partition("@")[0]
    if mixing is None or pair not in mixing.pairs:
        known = ", ".join(sorted(mixing.pairs)) if mixing else "none"
        raise DataError(
            f"setting {setting.name!r} has no code-switching of {pair} (it has: {known})"
        )
    if need.task not in mixing.tasks:
        known = ", ".join(sorted(mixing.tasks))
        raise DataError(
            f"setting {setting.name!r} has no code-switched data of {need.task!r} (it has: {known})"
        )
    return mixing.tasks[need.task]


def _mixed(setting: Setting, need: MixedNeed) -> DataSlice:
    data = _mixed_choice(setting, need).data
    return SOURCES.get(data.source).describe(
        data, need.task, need.corpus, need.split, need.sentences
    )


def _check_place(
    piece: DataSlice,
    data: DataChoice,
    corpora: dict[str, str],
    options: dict[str, dict[str, str | int | float | bool]],
) -> None:
    """A corpus is known by source and name, so two of one name cannot lie in two folders.

    Raises:
        DataError: two tasks of the setting say so.
    """
    key = corpus_key(piece)
    if corpora.get(key, data.folder) != data.folder:
        raise DataError(
            f"two tasks call a corpus {piece.name!r}, in the folders {corpora[key]} and"
            f" {data.folder}",
            next_step="name a folder above both as data.folder, and longer names in data.files",
        )
    if options.get(key, data.options) != data.options:
        raise DataError(
            f"two tasks read the corpus {piece.name!r} with different data.options",
            where=data.folder,
            next_step="give both the same options, or a copy of the file another name",
        )


def _survey_one(setting: Setting, needs: Needs) -> Surveyed:
    if (missing := unfetched(setting, needs.tasks)) is not None:
        raise missing
    model = inspect_checkpoint(setting.checkpoint)
    slices: dict[str, DataSlice] = {}
    corpora: dict[str, str] = {}
    options: dict[str, dict[str, str | int | float | bool]] = {}
    unavailable = {}
    for task in needs.tasks:
        choice = setting.tasks.get(task)
        if choice is None:
            known = ", ".join(sorted(setting.tasks))
            unavailable[task] = f"setting {setting.name!r} has no task {task!r} (it has: {known})"
            continue
        described = _describe(task, setting, choice, needs)
        slices |= described
        for piece in described.values():
            data = data_of(choice.data, piece.language, piece.split)
            _check_place(piece, data, corpora, options)
            corpora[corpus_key(piece)] = data.folder
            options[corpus_key(piece)] = data.options
    for need in needs.mixed:
        try:
            piece = _mixed(setting, need)
        except DataError as error:
            unavailable.setdefault(f"{need.task}/{need.corpus}", str(error))
            continue
        slices[need.key()] = piece
        choice = _mixed_choice(setting, need)
        corpora[corpus_key(piece)] = choice.data.folder
        options[corpus_key(piece)] = choice.data.options
    if needs.tasks and not slices:
        raise UserError(
            f"setting {setting.name!r} has none of the tasks {', '.join(needs.tasks)}",
            allowed=", ".join(sorted(setting.tasks)),
            next_step="add one of them to the setting, or choose another claim",
        )
    facts = ModelFacts(
        digest=model.digest,
        folder=str(model.folder),
        layers=model.layers,
        hidden=model.hidden,
        vocabulary=model.vocabulary,
    )
    return Surveyed(
        Scene(
            setting=setting,
            model=facts,
            slices=slices,
            steps=dict(STEPS),
            unavailable=unavailable,
        ),
        Whereabouts(checkpoints={facts.digest: facts.folder}, corpora=corpora, options=options),
    )

"""What a setting's corpora hold on this machine, and what is missing from their folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from reproduce.data.duplicates import count_duplicates, fingerprints
from reproduce.errors import DataError
from reproduce.nouns.cell import DataSlice, Split, Whereabouts
from reproduce.nouns.setting import Setting, TaskSetting
from reproduce.nouns.source import SOURCES
from reproduce.resources import embedded_checkpoint

_SPLITS: tuple[Split, ...] = get_args(Split)


@dataclass(frozen=True)
class Corpus:
    """One language's data of one task.

    Attributes:
        task: as the setting calls it.
        language: its code.
        counts: split -> examples, as many as the setting takes.
        duplicates: split -> examples that stand word for word in the training data.
        problem: why it cannot be read; empty if it can.
    """

    task: str
    language: str
    counts: dict[str, int]
    duplicates: dict[str, int]
    problem: str = ""


@dataclass(frozen=True)
class ManifestEntry:
    """One file that a folder of corpora should hold."""

    path: str
    size: int
    licence: str
    repository: str
    commit: str
    trimmed: bool = False


def corpora(setting: Setting) -> Iterator[Corpus]:
    """Every corpus of a setting, read as a run would read it."""
    for task, choice in setting.tasks.items():
        yield from _of_task(setting, task, choice)


def _of_task(setting: Setting, task: str, choice: TaskSetting) -> Iterator[Corpus]:
    train: set[bytes] = set()
    wanted = choice.data.files or setting.languages
    # The source first: the others are held against its training data.
    order = sorted(wanted, key=lambda code: code != setting.source_language)
    for language in order:
        counts: dict[str, int] = {}
        duplicates: dict[str, int] = {}
        problem = ""
        for split in _SPLITS:
            if split == "train" and language != setting.source_language:
                continue
            try:
                piece = _describe(choice, task, language, split)
                examples = SOURCES.get(piece.source).load(piece, _places(piece, choice))
            except DataError as error:
                if split == "test":
                    problem = str(error)
                continue
            counts[split] = piece.count
            if split == "train":
                train = fingerprints(examples)
            elif number := count_duplicates(train, examples):
                duplicates[split] = number
        yield Corpus(task, language, counts, duplicates, problem)


def _describe(choice: TaskSetting, task: str, language: str, split: Split) -> DataSlice:
    count = {"train": choice.train, "dev": choice.dev, "test": choice.test}[split]
    return SOURCES.get(choice.data.source).describe(choice.data, task, language, split, count)


def _places(piece: DataSlice, choice: TaskSetting) -> Whereabouts:
    key = f"{piece.source}/{piece.name}"
    data = choice.data
    return Whereabouts(checkpoints={}, corpora={key: data.folder}, options={key: data.options})


def manifest(setting: str) -> tuple[ManifestEntry, ...]:
    """The files that a shipped setting's folder should hold; empty if it needs none."""
    from ruamel.yaml import YAML

    path = embedded_checkpoint("manifests") / f"{setting}.yaml"
    if not path.is_file():
        return ()
    content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return tuple(ManifestEntry(path=name, **facts) for name, facts in content["files"].items())


def missing(entries: tuple[ManifestEntry, ...], folder: Path) -> tuple[ManifestEntry, ...]:
    """The files that are not there; one of another size (trimmed otherwise) counts as there."""
    return tuple(entry for entry in entries if not (folder / entry.path).is_file())

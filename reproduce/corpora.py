"""What a setting's corpora hold on this machine, and what is missing from their folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from reproduce.data.duplicates import count_duplicates, fingerprint, fingerprints
from reproduce.data.places import corpus_key, data_of, describe
from reproduce.errors import AbsentError, DataError
from reproduce.nouns.cell import Cell, DataSlice, Split, Whereabouts, trained_on
from reproduce.nouns.run import Overlap
from reproduce.nouns.setting import DataChoice, Setting, TaskSetting
from reproduce.nouns.source import GENERATED, SOURCES
from reproduce.resources import embedded_checkpoint

_SPLITS: tuple[Split, ...] = get_args(Split)


@dataclass(frozen=True)
class Corpus:
    """One language's data of one task.

    Attributes:
        task: as the setting calls it.
        language: its code.
        counts: split -> examples, as many as the setting takes.
        duplicates: split -> examples that stand word for word in the training data, the source
            language's or the language's own.
        problem: what of it cannot be read, and why; empty if all that is there can.
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
    source: set[bytes] = set()
    wanted = choice.data.files or setting.languages
    # The source first: the others are held against its training data.
    order = sorted(wanted, key=lambda code: code != setting.source_language)
    for language in order:
        counts: dict[str, int] = {}
        duplicates: dict[str, int] = {}
        problems: list[str] = []
        train = source
        for split in _SPLITS:
            if split == "dev" and language in choice.data.training:
                continue  # as in a run: it may be what is trained on
            try:
                piece = describe(choice.data, task, language, split, _size(choice, split))
                places = _places(piece, data_of(choice.data, language, split))
                examples = SOURCES.get(piece.source).load(piece, places)
            except DataError as error:
                if _is_needed(split, language, setting) or not isinstance(error, AbsentError):
                    problems.append(str(error))
                continue
            counts[split] = piece.count
            if split == "train":
                train = source | fingerprints(examples)
                if language == setting.source_language:
                    source = train
            elif number := count_duplicates(train, examples):
                duplicates[split] = number
        yield Corpus(task, language, counts, duplicates, "\n".join(dict.fromkeys(problems)))


def _is_needed(split: Split, language: str, setting: Setting) -> bool:
    """Whether a run needs the split: a target language may have a test set alone."""
    return split == "test" or language == setting.source_language


def _size(choice: TaskSetting, split: Split) -> int:
    return {"train": choice.train, "dev": choice.dev, "test": choice.test}[split]


def _places(piece: DataSlice, data: DataChoice) -> Whereabouts:
    key = corpus_key(piece)
    return Whereabouts(checkpoints={}, corpora={key: data.folder}, options={key: data.options})


def overlaps(cells: Iterable[Cell], whereabouts: Whereabouts) -> tuple[Overlap, ...]:
    """Evaluated examples of cells that stand word for word in what these cells are trained on.

    Each slice is read once. Generated data are left out, since sentences of a small grammar repeat
    by chance in every draw; so is what cannot be read, since the cells themselves fail of it.
    """
    pairs: dict[tuple[tuple[DataSlice, ...], DataSlice], Cell] = {}
    for cell in cells:
        train: tuple[DataSlice, ...] = getattr(cell, "train", ())
        for piece in cell.evaluate if train else ():
            if piece.source not in GENERATED:
                pairs.setdefault((train, piece), cell)
    read: dict[DataSlice, tuple[bytes, ...]] = {}
    known: dict[tuple[DataSlice, ...], set[bytes]] = {}
    found = []
    for (train, piece), cell in pairs.items():
        try:
            if train not in known:
                known[train] = {m for part in train for m in _marks(part, whereabouts, read)}
            count = sum(mark in known[train] for mark in _marks(piece, whereabouts, read))
        except DataError:
            continue
        if count:
            found.append(
                Overlap(
                    task=piece.task,
                    trained_on=trained_on(cell),
                    language=piece.language,
                    split=piece.split,
                    count=count,
                    of=piece.count,
                )
            )
    return tuple(dict.fromkeys(found))


def _marks(
    piece: DataSlice, whereabouts: Whereabouts, read: dict[DataSlice, tuple[bytes, ...]]
) -> tuple[bytes, ...]:
    if piece not in read:
        examples = SOURCES.get(piece.source).load(piece, whereabouts)
        read[piece] = tuple(fingerprint(example) for example in examples)
    return read[piece]


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

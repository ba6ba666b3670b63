"""What all readers of files share: finding a split, cutting rows, pinning what was read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar

from reproduce.errors import AbsentError, DataError
from reproduce.nouns.base import canonical
from reproduce.nouns.cell import DataSlice, Split, Whereabouts
from reproduce.nouns.sentence import Example, Sentence
from reproduce.nouns.setting import DATA_FOLDER, DataChoice
from reproduce.registry import did_you_mean

T = TypeVar("T")
Option = str | int | float | bool

_SPLITS: tuple[Split, ...] = ("train", "dev", "test")
_PUT = "put it there, or name another in data.files of the task"
# Of 100 words or more, five in a hundred are no punctuation by chance; of fewer, half may be.
_BLANK, _FEW_WORDS = "_", 100


def corpus_name(choice: DataChoice, language: str) -> str:
    """What a setting calls a language's corpus: a path below its folder.

    Raises:
        DataError: the setting names none, or one outside its folder.
        AbsentError: it names none of this language.
    """
    if not choice.folder:
        raise DataError(
            "the setting names no folder of corpora", next_step="set data.folder of the task"
        )
    if choice.folder.startswith(DATA_FOLDER):
        raise DataError(
            "this setting reads corpora from a folder that you name",
            next_step="add --data FOLDER; docs/real-data.md says what belongs in it",
        )
    if language not in choice.files:
        raise AbsentError(
            f"the setting names no corpus for language {language!r}",
            allowed=", ".join(sorted(choice.files)) or "none is named",
            next_step=f"add data.files.{language}: the corpus's folder below {choice.folder}",
        )
    name = Path(choice.files[language])
    if name.is_absolute() or ".." in name.parts:
        raise DataError(
            f"{choice.files[language]!r} does not lie below data.folder",
            where=choice.folder,
            next_step="name a path below data.folder: cells are the same on every machine",
        )
    return name.as_posix()


def find_split(folder: str, name: str, split: Split, *suffixes: str) -> Path:
    """The file of a split: `train.SUFFIX`, or an official name such as `en_ewt-ud-train.SUFFIX`.

    Args:
        folder: the folder of corpora.
        name: a corpus below it, with or without the prefix `UD_`; or one file of a split; or the
            name of all files of the corpus, with `{split}` for train, dev and test.
        split: which one.
        suffixes: of the files, without the dot.

    Raises:
        AbsentError: no such corpus or split; the message says which exist.
        DataError: several files for it.
    """
    root = Path(folder).expanduser()
    if "{split}" in name:
        return _named_split(root, name, split)
    places = [root / name, root / f"UD_{name}", root / name.removeprefix("UD_")]
    place = next((place for place in places if place.exists()), None)
    if place is None:
        raise AbsentError(
            "there is no such corpus",
            where=str(places[0]),
            allowed=_names(root) or f"{root} is empty or no folder",
            next_step=_PUT,
        )
    everything = [place] if place.is_file() else sorted(place.iterdir())
    candidates = [path for path in everything if path.suffix.removeprefix(".") in suffixes]
    found = {other: [f for f in candidates if _is_split(f, other)] for other in _SPLITS}
    if len(found[split]) > 1:
        names = ", ".join(file.name for file in found[split])
        raise DataError(
            f"several files for split {split!r}: {names}",
            where=str(place),
            next_step="name one corpus a folder",
        )
    if not found[split]:
        there = ", ".join(other for other in _SPLITS if found[other])
        raise AbsentError(
            f"there is no split {split!r}",
            where=str(place),
            allowed=there
            or f"no file is called train, dev or test with the ending .{' or .'.join(suffixes)}",
            next_step=_PUT,
        )
    return found[split][0]


def refuse_blanked(examples: Iterable[T], path: Path) -> Iterator[T]:
    """The examples; at their end, treebanks are refused whose words were taken out.

    Raises:
        DataError: more word forms are `_` than a text can have.
    """
    words = blank = 0
    for example in examples:
        if isinstance(example, Sentence):
            words += len(example.words)
            blank += example.words.count(_BLANK)
        yield example
    if blank > (words // 20 if words >= _FEW_WORDS else words // 2):
        raise DataError(
            f"{blank} of {words} word forms are '_': the words were taken out of this treebank",
            where=str(path),
            next_step="such treebanks are published without their text for reasons of copyright;"
            " get the text by the treebank's own instructions and merge it",
        )


def refuse_empty(count: int, split: Split, path: Path) -> None:
    """Refuse a file without examples.

    Raises:
        DataError: there are none.
    """
    if not count:
        raise DataError(
            f"the split {split!r} is empty: there is no example in this file",
            where=str(path),
            next_step="get the file again, or name another in data.files of the task",
        )


@dataclass(frozen=True)
class Pin:
    """How many examples there are, and the digest of their content."""

    count: int
    digest: str


def pin(examples: Iterable[Example]) -> Pin:
    """Count and digest in one pass; nothing is kept, so a corpus may be larger than memory."""
    whole, count = hashlib.sha256(), 0
    for example in examples:
        count += 1
        whole.update(canonical(_plain(example)).encode())
        whole.update(b"\n")
    return Pin(count, whole.hexdigest()[:32])


# A label came later than the rest: a sentence without one keeps the digest that it had.
_FIELDS = tuple(field.name for field in fields(Sentence) if field.name != "label")


def _plain(example: Example) -> list[object]:
    """All that an example says; `dataclasses.astuple` would copy every word, at thrice the time."""
    if isinstance(example, Sentence):
        labelled = [] if example.label is None else [example.label]
        return [*(getattr(example, name) for name in _FIELDS), *labelled]
    sentences = [_plain(example.first), _plain(example.second)]
    return [*sentences, example.label, example.id, example.cluster]


def content_digest(examples: Iterable[Example]) -> str:
    """SHA-256 over examples, annotation included, 32 digits of it."""
    return pin(examples).digest


def check_pinned(examples: list[Example], piece: DataSlice, path: Path) -> None:
    """Hold what was read against the slice that was planned.

    Raises:
        DataError: the content is another.
    """
    if pin(examples) != Pin(piece.count, piece.digest):
        raise DataError(
            "the corpus has changed since the run was planned",
            where=str(path),
            next_step="plan again: its new content makes new cells",
        )


def corpus_folder(piece: DataSlice, whereabouts: Whereabouts) -> str:
    """The folder of corpora that a slice was pinned in.

    Raises:
        DataError: it is not known on this machine.
    """
    key = f"{piece.source}/{piece.name}"
    if key not in whereabouts.corpora:
        raise DataError(f"it is not known where the corpus {key!r} lies")
    return whereabouts.corpora[key]


@dataclass(frozen=True)
class Corpus:
    """What a reader is told of a file: what it is called, and what is to be read from it."""

    name: str
    language: str
    task: str
    split: Split
    options: Mapping[str, Option]


@dataclass(frozen=True)
class FileSource:
    """A `Source` over files of one format.

    Attributes:
        source: its name among the sources.
        tasks: the tasks that the format can hold.
        options: what a setting may say under `data.options`, with the type of each value.
        find: the file of a split, given the folder of corpora.
        read: the examples of a file, one at a time.
    """

    source: str
    tasks: tuple[str, ...]
    options: Mapping[str, type]
    find: Callable[[str, Corpus], Path]
    read: Callable[[Path, Corpus], Iterator[Example]]

    def describe(
        self, choice: DataChoice, task: str, language: str, split: Split, count: int
    ) -> DataSlice:
        """See `Source.describe`."""
        if task not in self.tasks:
            raise DataError(
                f"the source {self.source!r} does not read task {task!r}",
                allowed=", ".join(self.tasks),
            )
        check_options(choice.options, self.options, self.source)
        name = corpus_name(choice, language)
        corpus = Corpus(name, language, task, split, choice.options)
        path = self.find(choice.folder, corpus)
        found = pin(refuse_blanked(islice(self.read(path, corpus), count), path))
        refuse_empty(found.count, split, path)
        return DataSlice(
            source=self.source,
            name=name,
            language=language,
            task=task,
            split=split,
            count=found.count,
            digest=found.digest,
        )

    def load(self, piece: DataSlice, whereabouts: Whereabouts) -> list[Example]:
        """See `Source.load`."""
        folder = corpus_folder(piece, whereabouts)
        options = whereabouts.options.get(f"{piece.source}/{piece.name}", {})
        corpus = Corpus(piece.name, piece.language, piece.task, piece.split, options)
        path = self.find(folder, corpus)
        examples = list(islice(self.read(path, corpus), piece.count))
        check_pinned(examples, piece, path)
        return examples


def check_options(given: Mapping[str, Option], known: Mapping[str, type], source: str) -> None:
    """Refuse options that a source does not have, and values of another type.

    Raises:
        DataError: naming the option and what is allowed.
    """
    for name, value in given.items():
        if name not in known:
            raise DataError(
                f"the source {source!r} has no option {name!r}",
                allowed=", ".join(sorted(known)) or "none",
                next_step=did_you_mean(name, known),
            )
        if type(value) is not known[name]:
            raise DataError(
                f"data.options.{name} is {value!r}",
                allowed={bool: "true or false", int: "a whole number", str: "text"}[known[name]],
            )


class Rows(NamedTuple):
    """A stretch of rows, from 1, both ends included."""

    first: int
    last: int


def rows_in(corpus: Corpus) -> Rows | None:
    """As `rows_of`; files whose names tell the splits apart (`{split}`) are read whole.

    Raises:
        DataError: as `rows_of`.
    """
    return None if "{split}" in corpus.name else rows_of(corpus.options, corpus.split)


def rows_of(options: Mapping[str, Option], split: Split) -> Rows | None:
    """The rows of a file that stand for a split, from an option such as `train_rows: 1-1800`.

    Raises:
        DataError: not such a stretch.
        AbsentError: rows are given for other splits alone.
    """
    given = {other: options.get(f"{other}_rows") for other in _SPLITS}
    if not any(given.values()):
        return None
    text = given[split]
    if text is None:
        there = ", ".join(other for other in _SPLITS if given[other])
        raise AbsentError(
            f"there is no split {split!r}",
            where="data.options",
            allowed=there,
            next_step=f"say which rows it has: data.options.{split}_rows",
        )
    match = re.fullmatch(r"([1-9]\d*)-([1-9]\d*)", str(text))
    if match is None or int(match[2]) < int(match[1]):
        raise DataError(
            f"data.options.{split}_rows is {text!r}", allowed="first and last row, such as 1-1800"
        )
    return Rows(int(match[1]), int(match[2]))


ROW_OPTIONS: dict[str, type] = {f"{split}_rows": str for split in _SPLITS}
"""Options that cut one file into splits by its rows."""


def find_rows(folder: str, corpus: Corpus, *suffixes: str) -> Path:
    """The file of a split; one file serves for all splits where rows tell them apart.

    Raises:
        AbsentError: no such file.
    """
    if rows_in(corpus) is None:
        return find_split(folder, corpus.name, corpus.split, *suffixes)
    path = Path(folder).expanduser() / corpus.name
    if not path.is_file():
        raise AbsentError(
            "there is no such file",
            where=str(path),
            allowed=_names(path.parent) or f"{path.parent} is empty or no folder",
            next_step=_PUT,
        )
    return path


def cut_rows(examples: Iterator[T], rows: Rows | None, path: Path) -> Iterator[T]:
    """The examples of some rows.

    Raises:
        DataError: the file ends before the first of them.
    """
    if rows is None:
        yield from examples
        return
    count = 0
    for count, example in enumerate(islice(examples, rows.last), start=1):
        if count >= rows.first:
            yield example
    if count < rows.first:
        raise DataError(
            f"the rows begin at {rows.first}, but there are only {count}",
            where=str(path),
            next_step="name rows that the file has in data.options, or get the whole file",
        )


def cluster_of(name: str, identity: str, parallel_id: str = "") -> str:
    """What translations of a sentence share, or something of its own.

    Sentences of a parallel treebank have a `parallel_id`, or a name that ends in PUD.
    """
    if parallel_id:
        # "corpus/sentence", sometimes with a part of a sentence after it
        return "/".join(parallel_id.split("/")[:2])
    if re.search(r"(^|[-_/])pud\b", name, flags=re.IGNORECASE):
        return f"pud/{identity}"
    return f"{name}/{identity}"


def _named_split(root: Path, name: str, split: Split) -> Path:
    path = root / name.replace("{split}", split)
    if path.is_file():
        return path
    places = {other: root / name.replace("{split}", other) for other in _SPLITS}
    there = ", ".join(other for other in _SPLITS if places[other].is_file())
    raise AbsentError(
        f"there is no split {split!r}",
        where=str(path),
        allowed=there or _names(path.parent) or f"{path.parent} is empty or no folder",
        next_step=_PUT,
    )


def _is_split(path: Path, split: str) -> bool:
    return re.fullmatch(rf"(.*[-_.])?{split}", path.stem) is not None


def _names(root: Path, most: int = 12) -> str:
    names = sorted(path.name for path in root.iterdir()) if root.is_dir() else []
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")

"""What all readers of files share: finding a split, reading lines, pinning what was read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from pathlib import Path
from typing import NamedTuple

from reproduce.errors import DataError
from reproduce.nouns.base import canonical
from reproduce.nouns.cell import DataSlice, Split, Whereabouts
from reproduce.nouns.sentence import Example
from reproduce.nouns.setting import DataChoice

_SPLITS: tuple[Split, ...] = ("train", "dev", "test")


class Line(NamedTuple):
    """One line without its end, and its number from 1."""

    number: int
    text: str


def corpus_name(choice: DataChoice, language: str) -> str:
    """What a setting calls a language's corpus: a path below its folder.

    Raises:
        DataError: the setting names none, or one outside its folder.
    """
    if not choice.folder:
        raise DataError(
            "the setting names no folder of corpora", next_step="set data.folder of the task"
        )
    if language not in choice.files:
        raise DataError(
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


def find_split(folder: str, name: str, split: Split, suffix: str) -> Path:
    """The file of a split: `train.SUFFIX`, or an official name such as `en_ewt-ud-train.SUFFIX`.

    Args:
        folder: the folder of corpora.
        name: a corpus below it, with or without the prefix `UD_`; or one file of a split.
        split: which one.
        suffix: of the files, without the dot.

    Raises:
        DataError: no such corpus or split (the message says which exist), or several files for it.
    """
    root = Path(folder).expanduser()
    places = [root / name, root / f"UD_{name}", root / name.removeprefix("UD_")]
    place = next((place for place in places if place.exists()), None)
    if place is None:
        raise DataError(
            "there is no such corpus",
            where=str(places[0]),
            allowed=_names(root) or f"{root} is empty or no folder",
        )
    candidates = [place] if place.is_file() else sorted(place.glob(f"*.{suffix}"))
    found = {other: [f for f in candidates if _is_split(f, other, suffix)] for other in _SPLITS}
    if len(found[split]) > 1:
        names = ", ".join(file.name for file in found[split])
        raise DataError(
            f"several files for split {split!r}: {names}",
            where=str(place),
            next_step="name one corpus a folder",
        )
    if not found[split]:
        there = ", ".join(other for other in _SPLITS if found[other])
        raise DataError(
            f"there is no split {split!r}",
            where=str(place),
            allowed=there or f"no file is called train, dev or test with the ending .{suffix}",
        )
    return found[split][0]


def read_lines(path: Path) -> Iterator[Line]:
    """Lines of a UTF-8 file, a byte-order mark and carriage returns taken off.

    Raises:
        DataError: the file cannot be read or is not UTF-8.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as file:
            for number, text in enumerate(file, start=1):
                yield Line(number, text.rstrip("\n").removesuffix("\r"))
    except UnicodeDecodeError as error:
        raise DataError(
            f"not UTF-8: byte {error.object[error.start]:#04x} ({error.reason})",
            where=str(path),
            next_step="convert it: iconv -f OLD_ENCODING -t UTF-8",
        ) from error
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", where=str(path)) from error


def content_digest(examples: Iterable[Example]) -> str:
    """SHA-256 over examples, annotation included, 32 digits of it."""
    whole = hashlib.sha256()
    for example in examples:
        whole.update(canonical(astuple(example)).encode())
        whole.update(b"\n")
    return whole.hexdigest()[:32]


def check_pinned(examples: list[Example], piece: DataSlice, path: Path) -> None:
    """Hold what was read against the slice that was planned.

    Raises:
        DataError: the content is another.
    """
    if len(examples) != piece.count or content_digest(examples) != piece.digest:
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


def _is_split(path: Path, split: str, suffix: str) -> bool:
    return re.fullmatch(rf"(.*[-_.])?{split}\.{suffix}", path.name) is not None


def _names(root: Path, most: int = 12) -> str:
    names = sorted(path.name for path in root.iterdir()) if root.is_dir() else []
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")

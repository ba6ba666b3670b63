"""Universal Dependencies treebanks in CoNLL-U (https://universaldependencies.org/format.html)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from reproduce.data.files import (
    Line,
    check_pinned,
    cluster_of,
    corpus_folder,
    corpus_name,
    find_split,
    pin,
    read_lines,
)
from reproduce.errors import DataError
from reproduce.nouns.cell import DataSlice, Split, Whereabouts
from reproduce.nouns.sentence import UPOS, Example, Sentence
from reproduce.nouns.setting import DataChoice

_COLUMNS = 10
_WORD = re.compile(r"[1-9][0-9]*")
_NO_WORD = re.compile(r"[1-9][0-9]*-[1-9][0-9]*|[0-9]+\.[1-9][0-9]*")
_COMMENT = re.compile(r"#\s*(sent_id|parallel_id)\s*=\s*(\S+)")
_TAGS = frozenset(UPOS)
_TASKS = ("pos",)


class Conllu:
    """The source `conllu`: `data.folder` holds treebanks, `data.files` names one per language."""

    def describe(
        self, choice: DataChoice, task: str, language: str, split: Split, count: int
    ) -> DataSlice:
        """See `Source.describe`."""
        if task not in _TASKS:
            raise DataError(
                f"CoNLL-U holds no annotation for task {task!r}", allowed=", ".join(_TASKS)
            )
        name = corpus_name(choice, language)
        path = find_split(choice.folder, name, split, "conllu")
        found = pin(_first(path, name, language, count))
        return DataSlice(
            source="conllu",
            name=name,
            language=language,
            task=task,
            split=split,
            count=found.count,
            digest=found.digest,
        )

    def load(self, piece: DataSlice, whereabouts: Whereabouts) -> list[Example]:
        """See `Source.load`."""
        path = find_split(corpus_folder(piece, whereabouts), piece.name, piece.split, "conllu")
        sentences = list(_first(path, piece.name, piece.language, piece.count))
        check_pinned(sentences, piece, path)
        return sentences


SOURCE = Conllu()


def read_sentences(path: Path, *, name: str, language: str) -> Iterator[Sentence]:
    """Sentences of a CoNLL-U file, one at a time.

    Words are the lines with a whole number: ranges of multiword tokens and empty nodes are left
    out. Sentences of a parallel treebank (`parallel_id`, or a name that ends in PUD) share their
    cluster with their translations.

    Raises:
        DataError: a line that is no CoNLL-U, with file and line.
    """
    seen: set[str] = set()
    for block in _blocks(path):
        sentence = _sentence(block, path, name, language, number=len(seen) + 1)
        if sentence.id in seen:
            _refuse(f"a second sentence with sent_id {sentence.id!r}", path, block[0])
        seen.add(sentence.id)
        yield sentence


def _first(path: Path, name: str, language: str, count: int) -> Iterator[Example]:
    """The first sentences, one at a time; what is wrong with all of them is told at the end."""
    words = blank = 0
    for sentence in islice(read_sentences(path, name=name, language=language), count):
        words += len(sentence.words)
        blank += sentence.words.count("_")
        yield sentence
    if not words:
        raise DataError("there is no sentence in this file", where=str(path))
    if 2 * blank > words:
        raise DataError(
            f"{blank} of {words} word forms are '_': the words were taken out of this treebank",
            where=str(path),
            next_step="such treebanks are published without their text for reasons of copyright;"
            " get the text by the treebank's own instructions and merge it",
        )


def _blocks(path: Path) -> Iterator[list[Line]]:
    """Runs of lines between empty ones."""
    block: list[Line] = []
    for line in read_lines(path):
        if line.text.strip():
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def _sentence(block: list[Line], path: Path, name: str, language: str, number: int) -> Sentence:
    matches = [match for line in block if (match := _COMMENT.match(line.text)) is not None]
    comments = {match[1]: match[2] for match in matches}
    lines = [line for line in block if not line.text.startswith("#")]
    rows = [row for line in lines if (row := _row(line, path)) is not None]
    if not rows:
        _refuse("a sentence without words", path, block[0])
    for expected, (row, line) in enumerate(zip(rows, _word_lines(lines), strict=True), start=1):
        if int(row[0]) != expected:
            _refuse(f"word {row[0]} where word {expected} should stand", path, line)
    identity = comments.get("sent_id", f"{path.stem}-{number}")
    heads = [row[6] for row in rows]
    annotated = all(head.isdigit() for head in heads)
    return Sentence(
        words=tuple(row[1] for row in rows),
        language=language,
        id=identity,
        cluster=cluster_of(name, identity, comments.get("parallel_id", "")),
        tags=tuple(row[3] for row in rows),
        heads=tuple(int(head) for head in heads) if annotated else None,
        relations=tuple(row[7] for row in rows) if annotated else None,
        lemmas=tuple(row[2] for row in rows),
    )


def _word_lines(lines: list[Line]) -> list[Line]:
    return [line for line in lines if _WORD.fullmatch(line.text.split("\t", 1)[0])]


def _row(line: Line, path: Path) -> list[str] | None:
    """The ten columns of a word; None for a range or an empty node."""
    row = line.text.split("\t")
    if len(row) != _COLUMNS:
        spaces = len(row) == 1 and len(line.text.split()) >= _COLUMNS
        raise DataError(
            f"{len(row)} columns",
            where=f"{path}:{line.number}",
            allowed=f"{_COLUMNS} columns, separated by tabs",
            next_step="this line seems to have spaces for tabs" if spaces else "",
        )
    if _NO_WORD.fullmatch(row[0]):
        return None
    if not _WORD.fullmatch(row[0]):
        _refuse(f"the id {row[0]!r} is none", path, line, allowed="8, a range 8-9, or 8.1")
    if not row[1].strip():
        _refuse("a word without a form", path, line)
    if row[3] not in _TAGS:
        found = "no part of speech ('_')" if row[3] == "_" else f"the tag {row[3]!r}"
        _refuse(f"{found} in column 4", path, line, allowed=", ".join(UPOS))
    return row


def _refuse(message: str, path: Path, line: Line, *, allowed: str = "") -> None:
    raise DataError(message, where=f"{path}:{line.number}", allowed=allowed)

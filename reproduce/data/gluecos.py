"""The token files of GLUECoS (https://github.com/microsoft/GLUECoS): words of mixed sentences.

A line is `token TAB label` or `token TAB language TAB tag`; an empty line ends a sentence. The
benchmark keeps the labels of its test files to itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from reproduce.data.files import (
    Corpus,
    FileSource,
    Line,
    blocks_of,
    cluster_of,
    find_split,
    read_lines,
)
from reproduce.data.language_ids import NEUTRAL, lid_labels, pair_codes, plain_id
from reproduce.errors import DataError
from reproduce.nouns.sentence import UPOS, Sentence

_COMMENT = re.compile(r"#\s*(\w+)\s*=\s*(.+)")
_TASKS = ("bangor_pos", "pos", "lid")


@dataclass(frozen=True)
class BenchmarkTask:
    """A task of the benchmark.

    Attributes:
        name: in the benchmark.
        pairs: what it has data of.
        task: the task of this package that reads it; empty if none does.
        why_not: why it cannot be run; empty if it can.
    """

    name: str
    pairs: tuple[Literal["en-hi", "en-es"], ...]
    task: str
    why_not: str = ""


_NO_FORM = "it labels whole sentences, for which there is no reader of the benchmark's files yet"
BENCHMARK = (
    BenchmarkTask("LID", ("en-hi", "en-es"), "lid"),
    BenchmarkTask("POS", ("en-hi", "en-es"), "bangor_pos"),
    BenchmarkTask("NER", ("en-hi", "en-es"), "", "its tag sets have no task here yet"),
    BenchmarkTask("sentiment", ("en-hi", "en-es"), "", _NO_FORM),
    BenchmarkTask("NLI", ("en-hi",), "", _NO_FORM),
    BenchmarkTask(
        "QA", ("en-hi",), "",
        "question answering is not supported yet: it predicts a span of a text, not labels",
    ),
)  # fmt: skip
"""GLUECoS's list of tasks, and what of it runs."""


def read_tokens(path: Path, corpus: Corpus) -> Iterator[Sentence]:
    """Sentences of a token file, one at a time.

    Raises:
        DataError: a line of another form, an unknown language or tag, or hidden labels, by file
            and line.
    """
    number = 0
    for block in blocks_of(read_lines(path)):
        words = [line for line in block if not _COMMENT.fullmatch(line.text)]
        if not words:
            continue
        number += 1
        comments = {m[1]: m[2] for line in block if (m := _COMMENT.fullmatch(line.text))}
        yield _sentence(words, comments, path, corpus, number)


def _sentence(
    lines: list[Line], comments: dict[str, str], path: Path, corpus: Corpus, number: int
) -> Sentence:
    rows = [_row(line, path) for line in lines]
    identity = comments.get("id", f"{path.stem}-{number}")
    ids = _ids(rows, lines, path, corpus) if len(rows[0]) == 3 or corpus.task == "lid" else None
    tags = None if corpus.task == "lid" else _tags(rows, lines, path, corpus)
    pair = pair_codes(corpus.language)
    if corpus.task == "lid" and ids is not None and pair is not None:
        ids = lid_labels(ids, pair)
    return Sentence(
        words=tuple(row[0] for row in rows),
        language=corpus.language,
        id=identity,
        cluster=cluster_of(corpus.name, identity, ""),
        tags=tags,
        languages=ids,
    )


def _row(line: Line, path: Path) -> list[str]:
    row = line.text.split("\t")
    if len(row) not in (2, 3) or not row[0].strip():
        _refuse(
            f"{len(row)} columns, or no token",
            path,
            line,
            allowed="token TAB label, or token TAB language TAB tag",
        )
    if not row[-1].strip():
        _refuse(
            "a token without a label",
            path,
            line,
            next_step="GLUECoS keeps its test labels to itself: test on its validation file,"
            " or on labels of your own",
        )
    return row


def _ids(rows: list[list[str]], lines: list[Line], path: Path, corpus: Corpus) -> tuple[str, ...]:
    pair = pair_codes(corpus.language)
    if pair is None:
        raise DataError(
            f"{corpus.language!r} is no pair of languages",
            where=str(path),
            next_step="name the pair in data.files, as in en--es",
        )
    found = []
    for row, line in zip(rows, lines, strict=True):
        identity = plain_id(row[1], pair)
        if identity is None:
            _refuse(
                f"the language id {row[1]!r} is not known",
                path,
                line,
                allowed=", ".join((*pair, *NEUTRAL)),
            )
        assert identity is not None
        found.append(identity)
    return tuple(found)


def _tags(rows: list[list[str]], lines: list[Line], path: Path, corpus: Corpus) -> tuple[str, ...]:
    for row, line in zip(rows, lines, strict=True):
        if corpus.task == "pos" and row[-1] not in UPOS:
            _refuse(
                f"{row[-1]!r} is no universal part of speech",
                path,
                line,
                allowed=", ".join(UPOS),
                next_step="the Bangor files have tags of their own: take the task bangor_pos",
            )
    return tuple(row[-1] for row in rows)


def _refuse(
    message: str, path: Path, line: Line, *, allowed: str = "", next_step: str = ""
) -> None:
    raise DataError(message, where=f"{path}:{line.number}", allowed=allowed, next_step=next_step)


def _find(folder: str, corpus: Corpus) -> Path:
    """The benchmark calls its development file `validation`."""
    validation = Path(folder).expanduser() / corpus.name / "validation.txt"
    if corpus.split == "dev" and validation.is_file():
        return validation
    return find_split(folder, corpus.name, corpus.split, "txt", "tsv")


SOURCE = FileSource("gluecos", _TASKS, {}, _find, read_tokens)

"""Pairs of sentences in tables: XNLI, PAWS-X and the like, one pair a line."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, NoReturn

from reproduce.data.files import ROW_OPTIONS, Corpus, FileSource, cut_rows, find_rows, rows_in
from reproduce.data.lines import read_lines, several, shown
from reproduce.errors import DataError
from reproduce.nouns.sentence import Sentence, SentencePair

# What corpora write for the labels of the tasks; numbers as in their releases.
LABELS: dict[str, dict[str, str]] = {
    "xnli": {
        "entailment": "entailment",
        "neutral": "neutral",
        "contradiction": "contradiction",
        "contradictory": "contradiction",  # XNLI's own training file
    },
    "pawsx": {
        "0": "different",
        "1": "paraphrase",
        "different": "different",
        "paraphrase": "paraphrase",
    },
}
"""Task -> what a corpus writes -> the label of the task."""

_HEADERS = (
    ("sentence1", "sentence2", "label"),
    ("sentence1", "sentence2", "gold_label"),
    ("premise", "hypothesis", "label"),
    ("premise", "hypo", "label"),
)
_OPTIONS: dict[str, type] = {
    "quoted": bool,
    "rows_per_cluster": int,
    "skip_empty": bool,
    **ROW_OPTIONS,
}


class Row(NamedTuple):
    """The fields of a line, and its number from 1."""

    number: int
    fields: list[str]


class Fields(NamedTuple):
    """Where the parts of a pair stand, from 0, and how many fields a line has."""

    first: int
    second: int
    label: int
    all: int


def read_pairs(path: Path, corpus: Corpus) -> Iterator[SentencePair]:
    """Pairs of a table, one at a time.

    Fields are separated by tabs and taken as they are, quotes included. Without a header they are
    first sentence, second sentence, label; a header names them, in any order and among others.

    Options: `quoted`, where fields are quoted as spreadsheets do (only then may a field hold a
    tab); `rows_per_cluster`, successive rows with one premise (3 in XNLI); `skip_empty`, to leave
    out pairs with an empty sentence; `train_rows` and so on, rows that stand for a split.

    Translations of a pair stand in the same row of the files of other languages and share its
    cluster, if the files have the same name but for the language.

    Raises:
        DataError: a line of another form, or a label that the task does not have.
    """
    rows = rows_in(corpus)
    for pair in cut_rows(_pairs(path, corpus), rows, path):
        if pair is not None:
            yield pair


def _pairs(path: Path, corpus: Corpus) -> Iterator[SentencePair | None]:
    """The pair of every row; None where a sentence is empty and may be."""
    rows = _quoted(path) if corpus.options.get("quoted") else _plain(path)
    per_cluster = int(corpus.options.get("rows_per_cluster", 1))
    if per_cluster < 1:
        raise DataError(f"data.options.rows_per_cluster is {per_cluster}", allowed="from 1")
    fields: Fields | None = None
    number = 0
    for row in rows:
        if fields is None:
            fields = _header(row.fields)
            if fields is not None:
                continue
            fields = Fields(0, 1, 2, 3)
        number += 1
        yield _pair(row, fields, path, corpus, number, (number - 1) // per_cluster + 1)


def _plain(path: Path) -> Iterator[Row]:
    for line in read_lines(path):
        if line.text.strip():
            yield Row(line.number, line.text.split("\t"))


def _quoted(path: Path) -> Iterator[Row]:
    lines = (f"{line.text}\n" for line in read_lines(path))
    reader = csv.reader(lines, delimiter="\t", strict=True)
    begins = 1
    try:
        for row in reader:
            if row:
                yield Row(reader.line_num, row)
            begins = reader.line_num + 1
    except csv.Error as error:
        # A quote that is never closed is found at the end of the file; the row tells its place.
        raise DataError(
            f"quotes that do not match in the row that begins here: {error}",
            where=f"{path}:{begins}",
            next_step="if quotes are part of the text, leave data.options.quoted out",
        ) from error


def _header(fields: list[str]) -> Fields | None:
    names = [name.strip().lower() for name in fields]
    for wanted in _HEADERS:
        if set(wanted) <= set(names):
            first, second, label = (names.index(name) for name in wanted)
            return Fields(first, second, label, len(names))
    return None


def _pair(
    row: Row, fields: Fields, path: Path, corpus: Corpus, number: int, group: int
) -> SentencePair | None:
    if len(row.fields) != fields.all:
        _refuse_fields(row, fields, path)
    first, second = row.fields[fields.first].split(), row.fields[fields.second].split()
    if not (first and second):
        if corpus.options.get("skip_empty"):
            return None
        raise DataError(
            f"the {'second' if first else 'first'} sentence is empty",
            where=f"{path}:{row.number}",
            next_step="to leave such pairs out, set data.options.skip_empty: true",
        )
    label, labels = row.fields[fields.label].strip(), LABELS[corpus.task]
    if label not in labels:
        raise DataError(
            f"{shown(label)} is no label of {corpus.task}",
            where=f"{path}:{row.number}",
            allowed=", ".join(labels),
            next_step="is this a header with other names, or the file of another task? A header"
            " has sentence1, sentence2, label",
        )
    # `dev-en.tsv` and `dev-es.tsv` hold the same pairs.
    shared = re.sub(rf"(?<![A-Za-z]){re.escape(corpus.language)}(?![A-Za-z])", "*", path.name)
    cluster, identity = f"{corpus.task}/{shared}/{group}", f"{path.stem}-{number}"

    def sentence(words: list[str], part: int) -> Sentence:
        return Sentence(tuple(words), corpus.language, f"{identity}.{part}", cluster)

    return SentencePair(sentence(first, 1), sentence(second, 2), labels[label], identity, cluster)


def _refuse_fields(row: Row, fields: Fields, path: Path) -> NoReturn:
    found = len(row.fields)
    if found < fields.all:
        next_step = "the file is cut off here, or it is not a table of pairs"
    elif any(field.startswith('"') for field in row.fields):
        next_step = "a field with a tab in quotes? Then set data.options.quoted: true"
    else:
        next_step = "a tab inside a sentence? Replace it by a space"
    raise DataError(
        f"{several(found, 'field')}, {fields.all} expected",
        where=f"{path}:{row.number}",
        allowed="first sentence, second sentence and label, separated by tabs; or a header with"
        " sentence1, sentence2, label",
        next_step=next_step,
    )


def _find(folder: str, corpus: Corpus) -> Path:
    return find_rows(folder, corpus, "tsv", "txt")


SOURCE = FileSource("tsv", tuple(LABELS), _OPTIONS, _find, read_pairs)

"""Universal Dependencies treebanks in CoNLL-U (https://universaldependencies.org/format.html)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import NoReturn

from reproduce.data.files import (
    ROW_OPTIONS,
    Corpus,
    check_options,
    check_pinned,
    cluster_of,
    corpus_folder,
    corpus_name,
    cut_rows,
    find_rows,
    pin,
    refuse_blanked,
    refuse_empty,
    rows_in,
)
from reproduce.data.language_ids import NEUTRAL, lid_labels, plain_id
from reproduce.data.lines import Line, blocks_of, read_lines, several, shown
from reproduce.errors import DataError
from reproduce.nouns.cell import DataSlice, Split, Whereabouts
from reproduce.nouns.pair import pair_codes
from reproduce.nouns.sentence import UPOS, Example, Sentence
from reproduce.nouns.setting import DataChoice

_COLUMNS = 10
# Nine digits at most: no sentence is longer, and Python turns only so many into a number.
_WORD = re.compile(r"[1-9][0-9]{0,8}")
_NO_WORD = re.compile(r"[1-9][0-9]{0,8}-[1-9][0-9]{0,8}|[0-9]{1,9}\.[1-9][0-9]{0,8}")
_HEAD = re.compile(r"0|[1-9][0-9]{0,8}")
_COMMENT = re.compile(r"#\s*(sent_id|parallel_id)\s*=\s*(\S+)")
_TAGS = frozenset(UPOS)
_TASKS = ("pos", "lid")
_TORN = "the file is cut off or mixed up here, or no CoNLL-U: get it again"
NORMALIZED = "#norm"
_SPLIT_NAME = re.compile(r"(^|[-_.])(train|dev|test)$")
_LANGUAGE_KEYS = ("CSID", "Lang", "LangID", "lang")


class Conllu:
    """The source `conllu`: `data.folder` holds treebanks, `data.files` names one per language.

    A file that is not called after a split serves for testing; the options `train_rows` and so on
    cut one file into splits by its sentences. A name that ends in `#norm` reads
    the normalized form of each word that has one (`Norm=` in the last column), such as the
    Devanagari of romanized Hindi.
    """

    def describe(
        self, choice: DataChoice, task: str, language: str, split: Split, count: int
    ) -> DataSlice:
        """See `Source.describe`."""
        if task not in _TASKS:
            raise DataError(
                f"CoNLL-U holds no annotation for task {task!r}", allowed=", ".join(_TASKS)
            )
        name = corpus_name(choice, language)
        check_options(choice.options, ROW_OPTIONS, "conllu")
        corpus = Corpus(name, language, task, split, choice.options)
        path = _find(choice.folder, corpus)
        found = pin(_for_task(_first(path, corpus, count), task, path))
        refuse_empty(found.count, split, path)
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
        options = whereabouts.options.get(f"{piece.source}/{piece.name}", {})
        corpus = Corpus(piece.name, piece.language, piece.task, piece.split, options)
        path = _find(corpus_folder(piece, whereabouts), corpus)
        sentences = list(_for_task(_first(path, corpus, piece.count), piece.task, path))
        check_pinned(sentences, piece, path)
        return sentences


SOURCE = Conllu()


def _find(folder: str, corpus: Corpus) -> Path:
    plain = replace(corpus, name=corpus.name.removesuffix(NORMALIZED))
    file = Path(folder).expanduser() / plain.name
    if corpus.split == "test" and file.is_file() and _SPLIT_NAME.search(file.stem) is None:
        return file
    return find_rows(folder, plain, "conllu")


def read_sentences(path: Path, *, name: str, language: str) -> Iterator[Sentence]:
    """Sentences of a CoNLL-U file, one at a time.

    Words are the lines with a whole number: ranges of multiword tokens and empty nodes are left
    out. Sentences of a parallel treebank (`parallel_id`, or a name that ends in PUD) share their
    cluster with their translations.

    Raises:
        DataError: a line that is no CoNLL-U, with file and line.
    """
    seen: set[str] = set()
    for block in blocks_of(read_lines(path)):
        sentence = _sentence(block, path, name, language, number=len(seen) + 1)
        if sentence.id in seen:
            _refuse(
                f"a second sentence with sent_id {shown(sentence.id)}",
                path,
                block[0],
                next_step="were two files put together? Keep one of them, or change its sent_id",
            )
        seen.add(sentence.id)
        yield sentence


def _first(path: Path, corpus: Corpus, count: int) -> Iterator[Example]:
    """The first sentences, one at a time; what is wrong with all of them is told at the end."""
    every = read_sentences(path, name=corpus.name, language=corpus.language)
    yield from refuse_blanked(islice(cut_rows(every, rows_in(corpus), path), count), path)


def _for_task(sentences: Iterator[Example], task: str, path: Path) -> Iterator[Example]:
    """For language identification, the labels of the task for the language ids."""
    if task != "lid":
        yield from sentences
        return
    for sentence in sentences:
        assert isinstance(sentence, Sentence)
        pair = pair_codes(sentence.language)
        if pair is None:
            raise DataError(
                f"language identification is about a pair of languages, not {sentence.language!r}",
                where=str(path),
                next_step="name the pair in data.files, as in de--tr",
            )
        if sentence.languages is None:
            raise DataError(
                f"no word of {sentence.id} has a language",
                where=str(path),
                allowed="CSID= or Lang= in the last column",
            )
        yield replace(sentence, languages=lid_labels(sentence.languages, pair))


def _sentence(block: list[Line], path: Path, name: str, language: str, number: int) -> Sentence:
    matches = [match for line in block if (match := _COMMENT.match(line.text)) is not None]
    comments = {match[1]: match[2] for match in matches}
    lines = [line for line in block if not line.text.startswith("#")]
    rows = [row for line in lines if (row := _row(line, path)) is not None]
    if not rows:
        _refuse("a sentence without words", path, block[0], next_step=_TORN)
    for expected, (row, line) in enumerate(zip(rows, _word_lines(lines), strict=True), start=1):
        if int(row[0]) != expected:
            _refuse(
                f"word {row[0]} where word {expected} should stand",
                path,
                line,
                next_step="a line is missing here, or the empty line between two sentences",
            )
    identity = comments.get("sent_id", f"{path.stem}-{number}")
    heads = [row[6] for row in rows]
    annotated = all(_HEAD.fullmatch(head) for head in heads)
    if annotated:
        _check_heads(heads, lines, path)
    return Sentence(
        words=tuple(_form(row, normalized=name.endswith(NORMALIZED)) for row in rows),
        language=language,
        id=identity,
        cluster=cluster_of(name, identity, comments.get("parallel_id", "")),
        tags=tuple(row[3] for row in rows),
        heads=tuple(int(head) for head in heads) if annotated else None,
        relations=tuple(row[7] for row in rows) if annotated else None,
        lemmas=tuple(row[2] for row in rows),
        languages=_languages(lines, path, language),
    )


def _check_heads(heads: list[str], lines: list[Line], path: Path) -> None:
    for head, line in zip(heads, _word_lines(lines), strict=True):
        if int(head) > len(heads):
            _refuse(
                f"the head {head} in column 7, in a sentence of {several(len(heads), 'word')}",
                path,
                line,
                allowed=f"0 to {len(heads)}, or _ where there is no tree",
                next_step="a line is missing in this sentence: get the file again",
            )


def _languages(lines: list[Line], path: Path, language: str) -> tuple[str, ...] | None:
    """The language id of each word from MISC (`CSID=` before `Lang=`); None if no word has one.

    A word inside a multiword token has that of the token, or of its first word, if it has none.
    """
    if not any(f"{key}=" in line.text for line in lines for key in _LANGUAGE_KEYS):
        return None
    found: list[str] = []
    places: list[Line] = []
    inherited, until = "", 0
    for line in lines:
        row = line.text.split("\t")
        own = _language_id(row[9])
        if "-" in row[0]:
            inherited, until = own, int(row[0].split("-")[1])
        elif _WORD.fullmatch(row[0]):
            inside = int(row[0]) <= until
            inherited = inherited or own if inside else ""
            neutral = "univ" if row[3] in ("PUNCT", "SYM") else "_"
            found.append(own or inherited or neutral)
            places.append(line)
    if not any(identity not in ("univ", "_") for identity in found):
        return None
    pair = pair_codes(language)
    if pair is None:
        return tuple(identity.lower() for identity in found)
    return tuple(_of_pair(i, pair, path, line) for i, line in zip(found, places, strict=True))


def _language_id(misc: str) -> str:
    items = _items(misc)
    return next((items[key] for key in _LANGUAGE_KEYS if items.get(key)), "")


def _form(row: list[str], *, normalized: bool) -> str:
    return (_items(row[9]).get("Norm") or row[1]) if normalized else row[1]


def _items(misc: str) -> dict[str, str]:
    return dict(item.partition("=")[::2] for item in misc.split("|"))


def _of_pair(identity: str, pair: tuple[str, str], path: Path, line: Line) -> str:
    found = plain_id(identity, pair)
    if found is None:
        raise DataError(
            f"the language id {shown(identity)} is not known",
            where=f"{path}:{line.number}",
            allowed=", ".join((*pair, *NEUTRAL)),
        )
    return found


def _word_lines(lines: list[Line]) -> list[Line]:
    return [line for line in lines if _WORD.fullmatch(line.text.split("\t", 1)[0])]


def _row(line: Line, path: Path) -> list[str] | None:
    """The ten columns of a word; None for a range or an empty node."""
    row = line.text.split("\t")
    if len(row) != _COLUMNS:
        _refuse(
            f"{several(len(row), 'column')}: {shown(line.text)}",
            path,
            line,
            allowed=f"{_COLUMNS} columns, separated by tabs",
            next_step=_other_form(line, len(row)),
        )
    if _NO_WORD.fullmatch(row[0]):
        return None
    if not _WORD.fullmatch(row[0]):
        _refuse(
            f"the id {shown(row[0])} is none",
            path,
            line,
            allowed="8, a range 8-9, or 8.1",
            next_step=_other_form(line, len(row)),
        )
    if not row[1].strip():
        _refuse(
            "a word without a form",
            path,
            line,
            next_step="fill column 2, or get the file again",
        )
    if row[3] not in _TAGS:
        _refuse_tag(row[3], path, line)
    return row


def _other_form(line: Line, columns: int) -> str:
    """What to do about a line that is none of CoNLL-U."""
    if columns == 1 and len(line.text.split()) >= _COLUMNS:
        return "this line seems to have spaces for tabs: put tabs between the columns"
    if line.text.startswith("\ufeff"):
        return "a byte-order mark inside a file: two files were put together; take it out"
    if 1 < columns <= 5:
        return "words with a tag beside them are read by data.source: columns, pairs by tsv"
    return _TORN


def _refuse_tag(tag: str, path: Path, line: Line) -> NoReturn:
    if tag.upper() in _TAGS:
        next_step = f"write it {tag.upper()}"
    elif tag == "_":
        next_step = "this treebank has no universal tags here: name one that has"
    else:
        next_step = "the tags of the treebank's own scheme belong in column 5: get the UD release"
    found = "no part of speech ('_')" if tag == "_" else f"the tag {shown(tag)}"
    _refuse(f"{found} in column 4", path, line, allowed=", ".join(UPOS), next_step=next_step)


def _refuse(
    message: str, path: Path, line: Line, *, allowed: str = "", next_step: str = ""
) -> NoReturn:
    raise DataError(message, where=f"{path}:{line.number}", allowed=allowed, next_step=next_step)

"""One word a line, columns beside it, an empty line between sentences: BIO/IOB2, XTREME's TSV."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn

from reproduce.data.files import (
    ROW_OPTIONS,
    Corpus,
    FileSource,
    Option,
    cluster_of,
    cut_rows,
    find_rows,
    rows_in,
)
from reproduce.data.lines import Line, blocks_of, read_lines, several, shown
from reproduce.errors import DataError
from reproduce.nouns.sentence import UPOS, Sentence

_SUFFIXES = ("iob2", "bio", "iob", "conll", "tsv", "txt")
_TYPES = ("PER", "ORG", "LOC")
_OTHER_COLUMN = (
    "if the tag stands in another column, set data.options.tag_column; otherwise the file is cut"
    " off or mixed up here, or of another task or tag set"
)
_COMMENT = re.compile(r"#\s*(?:(newdoc|newpar)\b|([\w:.-]+)\s*=\s*(.*))")
_OPTIONS: dict[str, type] = {
    "word_column": int,
    "tag_column": int,
    "outside": str,
    "scheme": str,
    "strip_prefix": bool,
    **ROW_OPTIONS,
}


class Columns(NamedTuple):
    """Where word and tag stand in a line, from 0, and how many columns a line has.

    Columns after the tag of a numbered line may be left out, as UniversalNER does.
    """

    word: int
    tag: int
    all: int
    numbered: bool


def read_words(path: Path, corpus: Corpus) -> Iterator[Sentence]:
    """Sentences of a file of columns, one at a time.

    Columns are separated by tabs, or by spaces where a line has no tab. Word and tag are the first
    and the last column; after a running number, as UniversalNER has it, the next two.

    Options: `word_column` and `tag_column`, from 1; `outside`, entity types to be read as outside
    (`OTH,MISC`); `scheme: iob1`, where I- may begin an entity; `strip_prefix`, for words that are
    written `en:word`; `train_rows` and so on, sentences that stand for a split.

    Raises:
        DataError: a line of another form, or a tag that the task does not have, by file and line.
    """
    yield from cut_rows(_sentences(path, corpus), rows_in(corpus), path)


def _sentences(path: Path, corpus: Corpus) -> Iterator[Sentence]:
    columns: Columns | None = None
    number = 0
    for block in blocks_of(read_lines(path), heading="-DOCSTART-"):
        words = [line for line in block if not _is_comment(line)]
        if not words:
            continue
        number += 1
        columns = columns or _columns(words, corpus.options, path)
        yield _sentence(block, words, columns, path, corpus, number)


def _is_comment(line: Line) -> bool:
    return "\t" not in line.text and _COMMENT.match(line.text) is not None


def _split(line: Line) -> list[str]:
    return line.text.split("\t") if "\t" in line.text else line.text.split()


def _columns(lines: list[Line], options: Mapping[str, Option], path: Path) -> Columns:
    """Where word and tag stand, told from the first sentence and from the options."""
    first = _split(lines[0])
    if len(first) < 2:
        raise DataError(
            f"one column: {shown(lines[0].text)}",
            where=f"{path}:{lines[0].number}",
            allowed="a word and its tag, separated by a tab or spaces",
            next_step="the file is cut off here, or holds no tags: get it again",
        )
    numbered = len(first) > 2 and [_split(line)[0] for line in lines] == [
        str(n) for n in range(1, len(lines) + 1)
    ]
    word, tag = (1, 2) if numbered else (0, len(first) - 1)
    word = int(options.get("word_column", word + 1)) - 1
    tag = int(options.get("tag_column", tag + 1)) - 1
    if not (0 <= word < len(first) and 0 <= tag < len(first)):
        raise DataError(
            f"word_column {word + 1} and tag_column {tag + 1}, but lines of {len(first)} columns",
            where=f"{path}:{lines[0].number}",
            allowed=f"1 to {len(first)}",
        )
    return Columns(word, tag, len(first), numbered)


def _sentence(
    block: list[Line],
    lines: list[Line],
    columns: Columns,
    path: Path,
    corpus: Corpus,
    number: int,
) -> Sentence:
    comments = {m[2]: m[3] for line in block if (m := _COMMENT.match(line.text)) and m[2]}
    rows = [_row(line, columns, path) for line in lines]
    prefix = f"{corpus.language}:" if corpus.options.get("strip_prefix") else ""

    def where(number: int) -> str:
        return f"{path}:{lines[number].number}"

    words = tuple(row[columns.word].removeprefix(prefix) for row in rows)
    if "" in words:
        raise DataError(
            "an empty word",
            where=where(words.index("")),
            next_step="write the word, or choose its column by data.options.word_column",
        )
    tags = [row[columns.tag] for row in rows]
    identity = comments.get("sent_id") or comments.get("id") or f"{path.stem}-{number}"
    ner = corpus.task == "ner"
    return Sentence(
        words=words,
        language=corpus.language,
        id=identity,
        cluster=cluster_of(corpus.name, identity, comments.get("parallel_id", "")),
        tags=None if ner else universal_tags(tags, where),
        entities=entity_tags(tags, where, corpus.options) if ner else None,
    )


def _row(line: Line, columns: Columns, path: Path) -> list[str]:
    row = _split(line)
    enough = columns.numbered and len(row) > max(columns.word, columns.tag)
    if len(row) != columns.all and not enough:
        raise DataError(
            f"{several(len(row), 'column')} where the lines above have {columns.all}",
            where=f"{path}:{line.number}",
            next_step="the file is cut off here, or two files were put together",
        )
    return row


def universal_tags(tags: Sequence[str], where: Callable[[int], str]) -> tuple[str, ...]:
    """The tags of a sentence, if all are universal parts of speech.

    Args:
        tags: as they stand in the corpus.
        where: the place of a word, for the message.

    Raises:
        DataError: one is not.
    """
    for number, tag in enumerate(tags):
        if tag not in UPOS:
            entity = re.match(r"[BIESLU]-|O$", tag) is not None
            raise DataError(
                f"{shown(tag)} is no universal part of speech",
                where=where(number),
                allowed=", ".join(UPOS),
                next_step="this seems to be a file of named entities" if entity else _OTHER_COLUMN,
            )
    return tuple(tags)


def entity_tags(
    tags: Sequence[str], where: Callable[[int], str], options: Mapping[str, Option]
) -> tuple[str, ...]:
    """The tags of a sentence in BIO; `options` are `outside` and `scheme` of this source.

    Raises:
        DataError: a tag of another scheme or type, or an entity that does not begin with B-.
    """
    outside = {name.strip() for name in str(options.get("outside", "")).split(",")} - {""}
    scheme = options.get("scheme", "iob2")
    if scheme not in ("iob1", "iob2"):
        raise DataError(f"data.options.scheme is {scheme!r}", allowed="iob1 or iob2")
    if outside.issuperset(_TYPES):
        raise DataError(
            f"data.options.outside is {', '.join(sorted(outside))}: no entity would be left",
            allowed=f"types that the task does not have; its own are {', '.join(_TYPES)}",
        )
    found: list[str] = []
    for number, tag in enumerate(tags):
        prefix, _, kind = tag.partition("-")
        if tag == "O" or (prefix in ("B", "I") and kind in outside):
            found.append("O")
            continue
        if prefix not in ("B", "I") or kind not in _TYPES:
            _refuse_entity(tag, prefix, kind, where(number))
        if prefix == "I" and (not found or found[-1][2:] != kind):
            if scheme == "iob2":
                before = found[-1] if found else "the beginning of the sentence"
                raise DataError(
                    f"{tag} after {before}: an entity begins with B-",
                    where=where(number),
                    next_step="if I- may begin an entity in this file, set"
                    " data.options.scheme: iob1; it is read as B- then",
                )
            tag = f"B-{kind}"
        found.append(tag)
    return tuple(found)


def _refuse_entity(tag: str, prefix: str, kind: str, where: str) -> NoReturn:
    if tag in UPOS:
        next_step = "this seems to be a file of parts of speech"
    elif prefix in ("E", "S", "L", "U") and kind:
        next_step = "the file is in BIOES or BILOU: convert it to BIO"
    elif prefix in ("B", "I") and kind:
        next_step = f"to read {kind} as outside, set data.options.outside: {kind}"
    else:
        next_step = _OTHER_COLUMN
    allowed = ", ".join(["O", *(f"{p}-{t}" for t in _TYPES for p in "BI")])
    raise DataError(
        f"{shown(tag)} is no entity tag", where=where, allowed=allowed, next_step=next_step
    )


def _find(folder: str, corpus: Corpus) -> Path:
    return find_rows(folder, corpus, *_SUFFIXES)


SOURCE = FileSource("columns", ("ner", "pos"), _OPTIONS, _find, read_words)

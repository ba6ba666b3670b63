"""Sentences and their translations, line by line in two files: what retrieval is measured on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from reproduce.data.conllu import read_sentences
from reproduce.data.files import ROW_OPTIONS, Corpus, FileSource, cut_rows, rows_of
from reproduce.data.lines import Line, read_lines
from reproduce.errors import AbsentError, DataError
from reproduce.nouns.sentence import Sentence, SentencePair

_BETWEEN = " | "


def read_translations(path: Path, corpus: Corpus) -> Iterator[SentencePair]:
    """Pairs of a sentence and its translation, one at a time.

    A setting names both files of a language, `tatoeba.afr-eng.afr | tatoeba.afr-eng.eng`: its own
    and the one that it is translated to, or two parallel treebanks in CoNLL-U. Options: `other`,
    the language of the second file (default `en`); `test_rows` and so on, lines that stand for a
    split.

    Raises:
        DataError: files of different lengths, or an empty line.
    """
    yield from cut_rows(_pairs(path, corpus), rows_of(corpus.options, corpus.split), path)


def _pairs(path: Path, corpus: Corpus) -> Iterator[SentencePair]:
    if path.suffix == ".conllu":
        yield from _treebanks(path, corpus)
        return
    own, other = (Path(name) for name in corpus.name.split(_BETWEEN))
    second = path.parents[len(own.parts) - 1] / other
    language = str(corpus.options.get("other", "en"))
    for mine, theirs in zip_longest(read_lines(path), read_lines(second)):
        if mine is None or theirs is None:
            shorter, line = (path, theirs) if mine is None else (second, mine)
            raise DataError(
                f"it ends before line {line.number}, and its translation does not",
                where=str(shorter),
                next_step="the two files are not parallel: get both from one release",
            )
        cluster = f"{own.as_posix()}/{mine.number}"
        yield SentencePair(
            _sentence(mine, path, corpus.language, cluster),
            _sentence(theirs, second, language, cluster),
            "translation",
            f"{own.name}-{mine.number}",
            cluster,
        )


def _treebanks(path: Path, corpus: Corpus) -> Iterator[SentencePair]:
    """The sentences of a parallel treebank (PUD) that the other one has too."""
    own, other = (Path(name) for name in corpus.name.split(_BETWEEN))
    second = path.parents[len(own.parts) - 1] / other
    language = str(corpus.options.get("other", "en"))
    theirs = {
        s.cluster: s for s in read_sentences(second, name=other.parent.name, language=language)
    }
    found = False
    for mine in read_sentences(path, name=own.parent.name, language=corpus.language):
        if mine.cluster in theirs:
            found = True
            yield SentencePair(mine, theirs[mine.cluster], "translation", mine.id, mine.cluster)
    if not found:
        raise DataError(
            f"no sentence is a translation of one of {second}",
            where=str(path),
            next_step="parallel treebanks share their sent_id, and are called ...-PUD",
        )


def _sentence(line: Line, path: Path, language: str, cluster: str) -> Sentence:
    words = tuple(line.text.split())
    if not words:
        raise DataError(
            "an empty line",
            where=f"{path}:{line.number}",
            next_step="write the sentence, or take the line out of both files",
        )
    return Sentence(words, language, f"{path.name}-{line.number}", cluster)


def _find(folder: str, corpus: Corpus) -> Path:
    names = corpus.name.split(_BETWEEN)
    if len(names) != 2:
        raise DataError(
            f"{corpus.name!r} names {len(names)} file{'s' if len(names) > 1 else ''}",
            allowed=f"two files, as in own.txt{_BETWEEN}translation.txt",
        )
    if any(Path(name).is_absolute() or ".." in Path(name).parts for name in names):
        raise DataError(f"{corpus.name!r} does not lie below data.folder", where=folder)
    if rows_of(corpus.options, corpus.split) is None and corpus.split != "test":
        raise AbsentError(f"there is no split {corpus.split!r}", where=folder, allowed="test")
    paths = [Path(folder).expanduser() / name for name in names]
    for path in paths:
        if not path.is_file():
            raise AbsentError(
                "there is no such file",
                where=str(path),
                next_step="put it there, or name two others in data.files of the task",
            )
    return paths[0]


SOURCE = FileSource(
    "parallel", ("retrieval",), {"other": str, **ROW_OPTIONS}, _find, read_translations
)

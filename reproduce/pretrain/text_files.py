"""Real text to pretrain on: files with a free licence, without any sentence of an evaluation."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from reproduce.errors import DataError

SOURCES = "SOURCES.tsv"
GRAM = 13  # words in a row that no evaluation may share with the text

_FREE = re.compile(r"CC0|public domain|CC BY(-SA)? \d", re.IGNORECASE)
_UNFREE = re.compile(r"\bNC\b|-NC|\bND\b|-ND|non-?commercial|not stated", re.IGNORECASE)
# Codes of three letters, as NTREX and the Bible corpus have them.
_SHORT = {
    "arb": "ar", "deu": "de", "eng": "en", "eus": "eu", "fao": "fo", "fin": "fi", "fra": "fr",
    "hin": "hi", "rus": "ru", "spa": "es", "swa": "sw", "tur": "tr", "urd": "ur", "wol": "wo",
    "zho": "zh",
}  # fmt: skip
_TREEBANKS = {
    "Afrikaans": "af", "English": "en", "Kazakh": "kk", "Marathi": "mr", "Telugu": "te",
}  # fmt: skip
_DICTIONARIES = {"german": "de", "hindi": "hi", "spanish": "es", "turkish": "tr"}
PARALLEL = ("ntrex", "ebible")  # folders of text whose files are parallel line by line


class TextFile(NamedTuple):
    """One file of text in one language, with the licence that SOURCES.tsv gives."""

    path: Path
    language: str
    licence: str


@dataclass
class Census:
    """What was taken and what was left out, by language or by file; it goes into the card.

    Attributes:
        licences: licence -> files.
        refused: file -> why.
        sentences: language -> sentences taken.
        words: language -> words taken, split at white space.
        repeated: sentences seen before.
        evaluated: sentences that stand in an evaluation, word for word.
        overlapping: sentences that share 13 words in a row with one.
        translations: language -> word pairs with English: from dictionaries, alignment, spelling.
        borrowed: language -> those whose translations it took over, for want of its own.
        parallel: rows of sentences that mean the same.
        word_vectors: spellings with a vector.
    """

    licences: dict[str, list[str]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    sentences: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    evaluated: int = 0
    overlapping: int = 0
    translations: dict[str, int] = field(default_factory=dict)
    borrowed: dict[str, list[str]] = field(default_factory=dict)
    parallel: int = 0
    word_vectors: int = 0


def is_free(licence: str) -> bool:
    """Public domain, CC0, CC BY or CC BY-SA; a licence that is unclear in any part is not."""
    return bool(_FREE.search(licence)) and not _UNFREE.search(licence)


def find_text(data: Path, census: Census, languages: Collection[str] = ()) -> list[TextFile]:
    """The files of text and the training parts of treebanks whose licence is free.

    Of some languages alone, or of all where none is named.

    Raises:
        DataError: there are none.
    """
    found = []
    for folder in ("text", "ud"):
        licences = _licences(data / folder / SOURCES)
        for path in sorted((data / folder).rglob("*")):
            name = path.relative_to(data / folder).as_posix()
            for language in _languages_of(path, folder):
                if languages and language not in languages:
                    continue
                licence = licences.get(name, "")
                if _taken(f"{folder}/{name}", licence, census):
                    found.append(TextFile(path, language, licence))
    if not found:
        raise DataError(
            "there is no text with a free licence",
            where=str(data),
            allowed="text/ and ud/*/train.conllu, with licences in SOURCES.tsv",
            next_step="docs/real-data.md says what belongs into the folder",
        )
    return found


def find_parallel(files: Iterable[TextFile]) -> list[list[TextFile]]:
    """Of files of text the groups that are parallel line by line."""
    files = [file for file in files if file.path.parts[-2] in PARALLEL]
    groups: dict[Path, list[TextFile]] = {}
    for file in files:
        # One table holds all its languages; plain files of a folder belong together.
        together = file.path if file.path.suffix == ".tsv" else file.path.parent
        groups.setdefault(together, []).append(file)
    return [group for group in groups.values() if len(group) > 1]


def find_dictionaries(
    data: Path, census: Census, languages: Collection[str] = ()
) -> list[TextFile]:
    """Dictionaries from English with a free licence: `english TAB word` lines."""
    found = []
    licences = _licences(data / "dictionaries" / SOURCES)
    for path in sorted((data / "dictionaries").rglob("*.txt")):
        name = path.relative_to(data / "dictionaries").as_posix()
        language, licence = _DICTIONARIES.get(path.stem, ""), licences.get(name, "")
        if not language or (languages and language not in languages):
            continue
        if _taken(f"dictionaries/{name}", licence, census):
            found.append(TextFile(path, language, licence))
    return found


def read_text(file: TextFile) -> Iterator[str]:
    """Sentences or lines of a file, one at a time, without empty ones."""
    yield from (text for text in read_lines(file) if text.strip())


def read_lines(file: TextFile) -> Iterator[str]:
    """The same with empty ones, so that lines of parallel files stay side by side."""
    with file.path.open(encoding="utf-8-sig") as lines:
        if file.path.suffix == ".conllu":
            yield from _treebank(lines)
        elif file.path.suffix == ".tsv":
            rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            names = next(rows)
            column = next(i for i, name in enumerate(names) if _bible_code(name) == file.language)
            yield from (row[column] if len(row) > column else "" for row in rows)
        else:
            yield from (line.strip() for line in lines)


class Evaluations:
    """All that any evaluation in a folder could show a model: sentences and runs of 13 words."""

    def __init__(self) -> None:
        self._sentences: set[bytes] = set()
        self._grams: set[bytes] = set()

    @classmethod
    def of(cls, data: Path) -> Evaluations:
        """Everything but the text itself, and but what `find_text` takes from treebanks."""
        found = cls()
        for path in sorted(data.rglob("*")):
            parts = path.relative_to(data).parts
            if not path.is_file() or parts[0] == "text" or path.name == SOURCES:
                continue
            if path.name == "train.conllu" and parts[0] == "ud":
                continue
            for sentence in _evaluated(path):
                found.add(sentence)
        return found

    def __len__(self) -> int:
        return len(self._sentences)

    def add(self, sentence: str) -> None:
        """Keep a sentence out of the text."""
        words = _words(sentence)
        if len(words) > 2:  # "Thank you" is no one's sentence
            self._sentences.add(_hash(words))
        self._grams.update(_hash(gram) for gram in _runs(words))

    def hold(self, sentence: str) -> bool:
        """Whether it stands in an evaluation, case and punctuation aside."""
        return _hash(_words(sentence)) in self._sentences

    def overlap(self, sentence: str) -> bool:
        """Whether it shares 13 words in a row with a sentence of one."""
        return any(_hash(gram) in self._grams for gram in _runs(_words(sentence)))


def clean(files: list[TextFile], evaluations: Evaluations, census: Census) -> Iterator[list[str]]:
    """(language, sentence) of what may be trained on, each sentence once; counts go to `census`."""
    seen: set[bytes] = set()
    for file in files:
        for sentence in read_text(file):
            key = hashlib.sha256(f"{file.language}\t{sentence}".encode()).digest()[:8]
            if key in seen:
                census.repeated += 1
            elif evaluations.hold(sentence):
                census.evaluated += 1
            elif evaluations.overlap(sentence):
                census.overlapping += 1
            else:
                seen.add(key)
                census.sentences[file.language] += 1
                census.words[file.language] += len(sentence.split())
                yield [file.language, sentence]


def _taken(name: str, licence: str, census: Census) -> bool:
    """Whether a file may be used; the census notes it either way."""
    if is_free(licence):
        census.licences.setdefault(licence, []).append(name)
        return True
    census.refused[name] = licence or "no licence in SOURCES.tsv"
    return False


def _licences(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["file"]: row["licence"] or "" for row in rows}


def _languages_of(path: Path, folder: str) -> list[str]:
    """The languages of a file; none for what is no text."""
    if folder == "ud":
        treebank = _TREEBANKS.get(path.parent.name.partition("-")[0])
        return [treebank] if path.name == "train.conllu" and treebank else []
    if path.suffix == ".txt":
        # `zh-CN.txt`, `newstest2019-ref.zho-CN.txt`
        name = path.name.removesuffix(".txt").rpartition(".")[2] or path.stem
        code = name.rpartition("-ref.")[2].partition("-")[0]
        return [_SHORT.get(code, code)]
    if path.suffix == ".tsv" and path.name not in (SOURCES, "DOCUMENT_IDS.tsv"):
        with path.open(encoding="utf-8-sig") as lines:
            names = next(lines).rstrip("\n").split("\t")
        return [code for name in names if (code := _bible_code(name))]
    return []


def _bible_code(name: str) -> str:
    return _SHORT.get(name.partition("-")[0], "")


def _treebank(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if line.startswith("# text = "):
            yield line.removeprefix("# text = ").strip()


def _evaluated(path: Path) -> Iterator[str]:
    """Whatever in a file could be a sentence: lines, fields, and words put together again."""
    if path.suffix in (".conllu", ".iob2"):
        yield from _words_of_columns(path, column=1)
    elif path.suffix == ".tsv" and path.parent.name == "xtreme_udpos":
        yield from _words_of_columns(path, column=0)
    elif path.suffix == ".npz":
        return
    else:
        try:
            with path.open(encoding="utf-8-sig") as lines:
                for line in lines:
                    yield from line.rstrip("\n").split("\t")
        except UnicodeDecodeError:
            return  # no text, such as an archive


def _words_of_columns(path: Path, column: int) -> Iterator[str]:
    words: list[str] = []
    with path.open(encoding="utf-8-sig") as lines:
        for line in lines:
            fields = line.rstrip("\n").split("\t")
            if len(fields) > column and not line.startswith("#"):
                if column == 0 or fields[0].isdigit():
                    words.append(fields[column])
            elif line.startswith("# text = "):
                yield line.removeprefix("# text = ").strip()
            elif not line.strip() and words:
                yield " ".join(words)
                words = []
    if words:
        yield " ".join(words)


def _words(sentence: str) -> list[str]:
    return re.findall(r"\w+", sentence.casefold())


def _runs(words: list[str]) -> Iterator[list[str]]:
    for start in range(len(words) - GRAM + 1):
        yield words[start : start + GRAM]


def _hash(words: list[str]) -> bytes:
    return hashlib.sha256(" ".join(words).encode()).digest()[:8]

"""Word translations for pretraining on real text: from dictionaries, parallel lines, spelling."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tokenizers.pre_tokenizers import BertPreTokenizer

from reproduce.pretrain.kin import Meaning, Translations, borrow, mean
from reproduce.pretrain.text_files import (
    Census,
    Evaluations,
    TextFile,
    find_dictionaries,
    find_parallel,
    read_lines,
)
from reproduce.pretrain.tokenizer import normalizer
from reproduce.pretrain.word_alignment import align_words
from reproduce.pretrain.word_vectors import PIVOT


@dataclass(frozen=True)
class Signals:
    """What ties languages together beside the text itself; multilingual BERT has none of it.

    Attributes:
        mixed: share of sentences of text in which words are replaced by their translations.
        words: share of the words of such a sentence that are, where they have one.
        parallel: share of sub-words that stand in pairs of translations, masked on both sides
            (TLM: Conneau and Lample 2019, https://arxiv.org/abs/1901.07291).
        vectors: weight of a loss that has each word tell its vector and its neighbours', which
            were factorized from the text beforehand (see `reproduce.pretrain.word_vectors`);
            sub-words begin with them too.
        contrast: weight of a loss that has mean sentence vectors find their translations'.
    """

    mixed: float = 0.0
    words: float = 0.5
    parallel: float = 0.0
    vectors: float = 0.0
    contrast: float = 0.0

    def __bool__(self) -> bool:
        """Whether anything at all is asked for."""
        return bool(self.mixed or self.parallel or self.vectors or self.contrast)


NO_SIGNALS = Signals()
# The vectors are what transfers (docs/real-data.md); the other shares were found without them, on
# 1 to 3 million sub-words, and not tried again.
TRANSLATIONS = Signals(mixed=0.5, words=0.5, parallel=0.2, vectors=5.0, contrast=0.3)

_NORMALIZER, _SPLITTER = normalizer(), BertPreTokenizer()


class Entry(NamedTuple):
    """An English word and a word of another language that means the same.

    `weight` is the share of the other word's meaning that the English one is.
    """

    english: str
    language: str
    word: str
    weight: float = 1.0


@dataclass(frozen=True)
class Row:
    """Sentences that mean the same, by language."""

    sentences: dict[str, str]


def read_dictionaries(data: Path, languages: Collection[str], census: Census) -> list[Entry]:
    """Translations of single words; what has a space in it, on either side, is left out."""
    found = []
    for file in find_dictionaries(data, census, languages):
        with file.path.open(encoding="utf-8-sig") as lines:
            for line in lines:
                english, _, word = line.rstrip("\n").partition("\t")
                if _is_word(english) and _is_word(word):
                    found.append(Entry(english, file.language, word))
    return found


def read_parallel(files: Iterable[TextFile], evaluations: Evaluations) -> list[Row]:
    """Rows of parallel text; a sentence that an evaluation holds, or nearly, is left out."""
    rows: list[Row] = []
    for group in find_parallel(files):
        for together in zip(*map(read_lines, group), strict=True):
            kept = {}
            for file, line in zip(group, together, strict=True):
                text = line.strip()
                if text and not evaluations.hold(text) and not evaluations.overlap(text):
                    kept[file.language] = text
            if PIVOT in kept and len(kept) > 1:
                rows.append(Row(kept))
    return rows


def known_translations(
    dictionary: Iterable[Entry], rows: Sequence[Row], counts: Mapping[str, Counter[str]]
) -> tuple[Translations, dict[str, tuple[str, ...]]]:
    """What every word means in English, and from whom languages without any source borrowed it.

    A dictionary's translations and those aligned in parallel lines have like weight. All words are
    lower-cased; English ones that the text lacks are left out.

    Args:
        dictionary: of single words.
        rows: sentences that mean the same.
        counts: language -> word -> how often it stands in the text; English is among them.
    """
    told: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for entry in dictionary:
        english, word = entry.english.lower(), entry.word.lower()
        if english in counts[PIVOT] and english not in told[entry.language][word]:
            told[entry.language][word].append(english)
    meanings: dict[str, dict[str, list[tuple[float, Meaning]]]] = {}
    for code in counts:
        found = meanings[code] = defaultdict(list)
        for word, several in told.get(code, {}).items():
            found[word].append((1.0, dict.fromkeys(several, 1 / len(several))))
        if code != PIVOT:
            for pair in align_words(_split_rows(rows, code)):
                found[pair.word].append((1.0, {pair.english: pair.weight}))
    known = {
        code: {word: mean(several) for word, several in found.items()}
        for code, found in meanings.items()
    }
    known[PIVOT] = {word: {word: 1.0} for word in counts[PIVOT]}
    return known, borrow(counts, known)


def _split_rows(rows: Sequence[Row], language: str) -> list[tuple[list[str], list[str]]]:
    both = [row.sentences for row in rows if language in row.sentences]
    return [(split_words(row[PIVOT]), split_words(row[language])) for row in both]


def entries_of(known: Translations) -> list[Entry]:
    """The translations of all languages but English, one an entry."""
    return [
        Entry(english, code, word, round(weight, 3))
        for code, words in known.items()
        if code != PIVOT
        for word, meaning in words.items()
        for english, weight in meaning.items()
    ]


def split_words(sentence: str) -> list[str]:
    """Lower-cased words and marks as the tokenizer splits them (an ideograph is one)."""
    text = _NORMALIZER.normalize_str(sentence)
    return [word.lower() for word, _ in _SPLITTER.pre_tokenize_str(text)]


def _is_word(text: str) -> bool:
    return bool(text) and not re.search(r"\s", text)

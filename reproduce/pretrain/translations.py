"""Word translations for pretraining on real text: from dictionaries, and from parallel lines."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from tokenizers.pre_tokenizers import BertPreTokenizer

from reproduce.pretrain.text_files import (
    Census,
    Evaluations,
    TextFile,
    find_dictionaries,
    find_parallel,
    read_lines,
)
from reproduce.pretrain.tokenizer import normalizer


@dataclass(frozen=True)
class Signals:
    """What ties languages together beside the text itself; multilingual BERT has none of it.

    Attributes:
        mixed: share of sentences of text in which words are replaced by their translations.
        words: share of the words of such a sentence that are, where they have one.
        parallel: share of sub-words that stand in pairs of translations, masked on both sides
            (TLM: Conneau and Lample 2019, https://arxiv.org/abs/1901.07291).
        pull: weight of a loss that has word vectors find their translations' (InfoNCE).
        contrast: weight of a loss that has mean sentence vectors find their translations'.
        start: shards of text that vectors of sub-words are factorized from before training; 0
            begins with random ones (see `reproduce.pretrain.starting`).
    """

    mixed: float = 0.0
    words: float = 0.5
    parallel: float = 0.0
    pull: float = 0.0
    contrast: float = 0.0
    start: int = 0

    def __bool__(self) -> bool:
        """Whether anything at all is asked for."""
        return bool(self.mixed or self.parallel or self.pull or self.contrast)


NO_SIGNALS = Signals()
# What transferred most of the few mixtures tried on 1 to 3 million sub-words (docs/real-data.md).
TRANSLATIONS = Signals(mixed=0.5, words=0.5, parallel=0.2, pull=0.3, contrast=0.3, start=24)

PIVOT = "en"  # dictionaries and parallel lines all have English on one side
ROUNDS = 5  # of expectation maximization
_NORMALIZER, _SPLITTER = normalizer(), BertPreTokenizer()
_LEAST = 0.05  # product of both directions' probabilities, below which a link is dropped
_BEST = 3  # translations kept of a word


class Entry(NamedTuple):
    """An English word and a word of another language."""

    english: str
    language: str
    word: str


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


def align_words(rows: Sequence[Row], language: str) -> list[Entry]:
    """Word translations that both directions of a word-alignment model agree on.

    IBM model 1 (Brown et al. 1993, https://aclanthology.org/J93-2003/), words lower-cased.
    """
    pairs = [
        (split_words(row.sentences[PIVOT]), split_words(row.sentences[language]))
        for row in rows
        if language in row.sentences
    ]
    if not pairs:
        return []
    english = sorted({word for one, _ in pairs for word in one})
    other = sorted({word for _, two in pairs for word in two})
    links = _links(pairs, english, other)
    there = _model_one(links.first, links.places_of_second, links)
    back = _model_one(links.second, links.places_of_first, links)
    score = there * back
    best: dict[int, list[tuple[float, int]]] = {}
    for number in np.flatnonzero((score >= _LEAST) & (links.count >= 2)):
        first, second = int(links.first_of[number]), int(links.second_of[number])
        best.setdefault(first, []).append((-float(score[number]), second))
    return [
        Entry(english[first], language, other[second])
        for first, found in sorted(best.items())
        for _, second in sorted(found)[:_BEST]
    ]


def split_words(sentence: str) -> list[str]:
    """Lower-cased words as the tokenizer splits them (an ideograph is one), no punctuation."""
    text = _NORMALIZER.normalize_str(sentence)
    found = (word.lower() for word, _ in _SPLITTER.pre_tokenize_str(text))
    return [word for word in found if any(char.isalnum() for char in word)]


@dataclass(frozen=True, eq=False)
class _Links:
    """Every pair of words in every pair of sentences.

    Attributes:
        kind: [links], which pair of word types a link is of.
        first, second: [links], the word types of a link.
        places_of_first, places_of_second: [links], the place in the text of a link's word.
        first_of, second_of, count: [kinds], the word types of a kind, and how often it links.
    """

    kind: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    second: npt.NDArray[np.int64]
    places_of_first: npt.NDArray[np.int64]
    places_of_second: npt.NDArray[np.int64]
    first_of: npt.NDArray[np.int64]
    second_of: npt.NDArray[np.int64]
    count: npt.NDArray[np.int64]


def _links(
    pairs: list[tuple[list[str], list[str]]], english: list[str], other: list[str]
) -> _Links:
    numbers = ({w: i for i, w in enumerate(english)}, {w: i for i, w in enumerate(other)})
    firsts, seconds, first_places, second_places = [], [], [], []
    before = [0, 0]
    for one, two in pairs:
        left = np.array([numbers[0][word] for word in one], dtype=np.int64)
        right = np.array([numbers[1][word] for word in two], dtype=np.int64)
        firsts.append(np.repeat(left, len(right)))
        seconds.append(np.tile(right, len(left)))
        first_places.append(np.repeat(np.arange(len(left)) + before[0], len(right)))
        second_places.append(np.tile(np.arange(len(right)) + before[1], len(left)))
        before = [before[0] + len(left), before[1] + len(right)]
    first, second = np.concatenate(firsts), np.concatenate(seconds)
    kinds, kind, count = np.unique(
        first * len(other) + second, return_inverse=True, return_counts=True
    )
    return _Links(
        kind,
        first,
        second,
        np.concatenate(first_places),
        np.concatenate(second_places),
        kinds // len(other),
        kinds % len(other),
        count,
    )


def _model_one(
    given: npt.NDArray[np.int64], places: npt.NDArray[np.int64], links: _Links
) -> npt.NDArray[np.float64]:
    """[kinds], the probability of the one word as the translation of the other, `given`.

    Args:
        given: [links], the word type that is translated.
        places: [links], the place of the word that it may be the origin of.
        links: of all sentences.
    """
    given_of = np.zeros(len(links.count), np.int64)
    given_of[links.kind] = given
    chance = np.ones(len(links.count))
    for _ in range(ROUNDS):
        weight = chance[links.kind]
        weight /= np.bincount(places, weight)[places]
        expected = np.bincount(links.kind, weight, minlength=len(chance))
        chance = expected / np.bincount(given_of, expected)[given_of]
    return chance


def _is_word(text: str) -> bool:
    return bool(text) and not re.search(r"\s", text)

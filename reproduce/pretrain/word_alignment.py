"""Word translations found in sentences that mean the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

ROUNDS = 5  # of expectation maximization
DIAGONAL = 4.0  # how strongly words at like places of their sentences are preferred
_LEAST = 0.15  # probability of an English word below which it is no translation
_EXPECTED = 0.25  # links expected in all the text, below which there are none

Pairs = Sequence[tuple[list[str], list[str]]]
Numbers = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]


class Aligned(NamedTuple):
    """A word, a translation of it, and how probable that one is."""

    english: str
    word: str
    weight: float


def align_words(pairs: Pairs) -> list[Aligned]:
    """Translations of the second sentences' words, on which both directions of a model agree.

    IBM model 1 (Brown et al. 1993, https://aclanthology.org/J93-2003/) in which words at like
    places of their sentences are likelier translations (Dyer et al. 2013,
    https://aclanthology.org/N13-1073/). Of a link, the geometric mean of how often either direction
    expects it counts.

    Args:
        pairs: words of an English sentence and of its translation.
    """
    if not pairs:
        return []
    english = sorted({word for one, _ in pairs for word in one})
    other = sorted({word for _, two in pairs for word in two})
    links = find_links(pairs, english, other)
    there = expected_links(links.first, links.place_of_second, links.near_second, links)
    back = expected_links(links.second, links.place_of_first, links.near_first, links)
    agreed = np.sqrt(there * back)
    whole = np.bincount(links.second_of, agreed, minlength=len(other))[links.second_of]
    weight = agreed / np.maximum(whole, 1e-12)
    return [
        Aligned(
            english[links.first_of[number]], other[links.second_of[number]], float(weight[number])
        )
        for number in np.flatnonzero((weight >= _LEAST) & (agreed >= _EXPECTED))
    ]


@dataclass(frozen=True, eq=False)
class Links:
    """Every pair of words in every pair of sentences.

    Attributes:
        kind: [links], which pair of word types a link is of.
        first, second: [links], the word types of a link.
        place_of_first, place_of_second: [links], the place in the whole text of a link's word.
        near_first, near_second: [links], how likely the other word's place is, given the place of
            the word of that name: over its links they sum to 1.
        first_of, second_of: [kinds], the word types of a kind.
    """

    kind: Numbers
    first: Numbers
    second: Numbers
    place_of_first: Numbers
    place_of_second: Numbers
    near_first: Values
    near_second: Values
    first_of: Numbers
    second_of: Numbers


def find_links(pairs: Pairs, english: list[str], other: list[str]) -> Links:
    """All links of some sentences, whose word types are numbered as in two sorted lists."""
    numbers = [{word: i for i, word in enumerate(words)} for words in (english, other)]
    whole: list[tuple[Numbers, ...]] = []
    shares: list[tuple[Values, ...]] = []
    before = [0, 0]
    for one, two in pairs:
        sides = [
            np.array([number[word] for word in words], dtype=np.int64)
            for number, words in zip(numbers, (one, two), strict=True)
        ]
        rows, columns = np.indices((len(one), len(two))).reshape(2, -1)
        apart = np.abs(rows / max(len(one), 1) - columns / max(len(two), 1))
        likely = np.exp(-DIAGONAL * apart).reshape(len(one), len(two))
        whole.append(
            (sides[0][rows], sides[1][columns], rows + before[0], columns + before[1]),
        )
        shares.append(
            ((likely / likely.sum(1, keepdims=True)).ravel(), (likely / likely.sum(0)).ravel()),
        )
        before = [before[0] + len(one), before[1] + len(two)]
    first, second, place1, place2 = map(np.concatenate, zip(*whole, strict=True))
    near1, near2 = map(np.concatenate, zip(*shares, strict=True))
    kinds, kind = np.unique(first * len(other) + second, return_inverse=True)
    places = (place1, place2, near1, near2)
    return Links(kind, first, second, *places, kinds // len(other), kinds % len(other))


def expected_links(given: Numbers, place: Numbers, near: Values, links: Links) -> Values:
    """[kinds], how often a kind links in the text, by the model that makes words from `given`.

    Args:
        given: [links], the word type that is translated.
        place: [links], the place of the word that it may have become.
        near: [links], how likely the place of `given` is, given that place.
        links: of all sentences.
    """
    kinds = len(links.first_of)
    given_of = np.zeros(kinds, np.int64)
    given_of[links.kind] = given
    chance: Values = np.ones(kinds)
    expected: Values = np.zeros(kinds)
    for _ in range(ROUNDS):
        weight = chance[links.kind] * near
        weight /= np.bincount(place, weight)[place]
        expected = np.bincount(links.kind, weight, minlength=kinds).astype(np.float64)
        chance = expected / np.bincount(given_of, expected)[given_of]
    return expected

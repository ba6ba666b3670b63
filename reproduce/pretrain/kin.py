"""Translations that a language without any borrows from words spelled alike in others."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

Meaning = dict[str, float]  # English words and their weights, which sum to 1
Translations = dict[str, dict[str, Meaning]]  # language -> word -> its meaning

LENDERS = 3  # languages that one borrows from: those that cover most of its running text
_SHARE = 0.02  # of the running text that a lender must cover
_LONG = 5  # letters from which words that differ in one of them are taken for one
_NEAR = 0.3  # weight of such a word against one spelled the same
_CANDIDATES = 12  # words that one borrows from


def borrow(counts: Mapping[str, Counter[str]], known: Translations) -> dict[str, tuple[str, ...]]:
    """Give each language without translations those of words spelled alike; say from which ones.

    A language with much text comes before one with little, so that it can lend in its turn.

    Args:
        counts: language -> word -> how often it stands in the text.
        known: what is known of all languages but these; it is added to.
    """
    lenders: dict[str, tuple[str, ...]] = {}
    for language in sorted(counts, key=lambda code: -sum(counts[code].values())):
        if known.get(language):
            continue
        covered = {
            other: _covered(counts[language], known[other])
            for other in known
            if other != language and known[other]
        }
        chosen = sorted(covered, key=lambda other: (-covered[other], other))[:LENDERS]
        lenders[language] = tuple(other for other in chosen if covered[other] >= _SHARE)
        words = [(word, known[other][word]) for other in lenders[language] for word in known[other]]
        known[language] = _borrowed(counts[language], words)
    return lenders


def _covered(counts: Counter[str], words: Mapping[str, Meaning]) -> float:
    """Share of a language's running words, marks and digits aside, that another one has too."""
    letters = {word: count for word, count in counts.items() if word.isalpha()}
    found = sum(count for word, count in letters.items() if word in words)
    return found / max(sum(letters.values()), 1)


def _borrowed(counts: Counter[str], words: list[tuple[str, Meaning]]) -> dict[str, Meaning]:
    same: dict[str, list[Meaning]] = defaultdict(list)
    near: dict[str, list[Meaning]] = defaultdict(list)
    for word, meaning in words:
        same[word].append(meaning)
        for shorter in _shorter(word):
            near[shorter].append(meaning)
    found = {}
    for word in counts:
        lent = [(1.0, meaning) for meaning in same.get(word, ())]
        if not lent:
            # One letter more, one less, or another one in its place.
            places = [near.get(word, ()), *(near.get(x, ()) for x in _shorter(word))]
            places += [same.get(shorter, ()) for shorter in _shorter(word)]
            lent = [(_NEAR, meaning) for place in places for meaning in place][:_CANDIDATES]
        if lent:
            found[word] = mean(lent)
    return found


def _shorter(word: str) -> set[str]:
    """A long word without one of its letters."""
    if len(word) < _LONG or not word.isalpha():
        return set()
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


def mean(meanings: list[tuple[float, Meaning]]) -> Meaning:
    """Their weighted mean, with weights that sum to 1."""
    total: defaultdict[str, float] = defaultdict(float)
    for weight, meaning in meanings:
        for english, share in meaning.items():
            total[english] += weight * share
    whole = sum(total.values())
    return {english: value / whole for english, value in total.items()}

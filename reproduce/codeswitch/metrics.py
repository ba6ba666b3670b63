"""Metrics of code-switching, from the language ids of words.

Words without a language of their own (punctuation, numbers, names, words of both languages or mixed
inside) are neutral: they belong to no span, and are counted only where a definition says "words".
Definitions differ between papers; the docstring of each function names the one that is meant.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

# Ids of words that belong to neither language, or to both, as corpora write them.
NEUTRAL = frozenset(
    ("univ", "other", "ne", "acro", "mixed", "ambiguous", "unk", "fw", "lang3", "999", "_", "punct")
)

Sentences = Sequence[Sequence[str]]
"""Language ids: a sequence of words for each sentence."""


def is_neutral(identity: str) -> bool:
    """Does a word with this id belong to no single language (`univ`, `eng&spa`, ...)?"""
    return identity.lower() in NEUTRAL or "&" in identity or "+" in identity


def tagged(ids: Sequence[str]) -> list[str]:
    """The ids of the words that have a language."""
    return [identity for identity in ids if not is_neutral(identity)]


def spans(ids: Sequence[str]) -> list[int]:
    """Lengths of the runs of one language, in words that have one: neutral words end no run."""
    return [len(list(run)) for _, run in groupby(tagged(ids))]


def switches(ids: Sequence[str]) -> int:
    """Places where the language changes, neutral words passed over."""
    return max(0, len(spans(ids)) - 1)


def cmi(ids: Sequence[str]) -> float:
    """Code-mixing index 100 (1 - max w / (n - u)) of Gambäck and Das (2014), 0 to 50 for two.

    `n` counts all words and `u` the neutral ones; 0 where every word is neutral.
    """
    counts = Counter(tagged(ids))
    return 100 * (1 - max(counts.values()) / counts.total()) if counts else 0.0


def m_index(ids: Iterable[str], *, languages: int = 2) -> float:
    """Multilingual index of Barnett et al. (2000), from 0 (one language) to 1 (equal shares)."""
    counts = Counter(tagged(list(ids)))
    if not counts:
        return 0.0
    squares = sum((count / counts.total()) ** 2 for count in counts.values())
    return (1 - squares) / ((max(languages, len(counts), 2) - 1) * squares)


def i_index(sentences: Sentences) -> float:
    """Integration index of Guzmán et al. (2017): switches / (n - 1), n the words with a language.

    Over several sentences both are summed, so that no switch is counted between sentences.
    """
    places = sum(max(0, len(tagged(ids)) - 1) for ids in sentences)
    return sum(map(switches, sentences)) / places if places else 0.0


def spf(ids: Sequence[str]) -> float:
    """Switch-point fraction of Pratapa et al. (2018): switches / (words - 1), all words counted."""
    return switches(ids) / (len(ids) - 1) if len(ids) > 1 else 0.0


def burstiness(lengths: Sequence[int]) -> float | None:
    """(sd - mean) / (sd + mean) of span lengths, Goh and Barabási (2008), with the sample sd.

    -1 for spans of one length, 0 for random switching, towards 1 for bursts; None below two spans.
    """
    if len(lengths) < 2:
        return None
    mean = sum(lengths) / len(lengths)
    sd = math.sqrt(sum((x - mean) ** 2 for x in lengths) / (len(lengths) - 1))
    return (sd - mean) / (sd + mean)


def memory(pairs: Sequence[tuple[int, int]]) -> float | None:
    """Correlation (Pearson) of the lengths of neighbouring spans, Goh and Barabási (2008).

    None below two pairs, or where all lengths are equal.
    """
    if len(pairs) < 2:
        return None
    first, second = ([pair[side] for pair in pairs] for side in (0, 1))
    means = [sum(values) / len(values) for values in (first, second)]
    variances = [
        sum((x - mean) ** 2 for x in values)
        for values, mean in zip((first, second), means, strict=True)
    ]
    if not all(variances):
        return None
    both = sum((a - means[0]) * (b - means[1]) for a, b in pairs)
    return both / math.sqrt(variances[0] * variances[1])


def neighbours(sentences: Sentences) -> list[tuple[int, int]]:
    """Lengths of neighbouring spans, inside sentences."""
    found = []
    for ids in sentences:
        lengths = spans(ids)
        found += list(zip(lengths, lengths[1:], strict=False))
    return found


def entropy(values: Iterable[object]) -> float:
    """Shannon entropy of a sample, in bits."""
    counts = Counter(values)
    total = counts.total()
    return -sum(c / total * math.log2(c / total) for c in counts.values()) + 0.0


def language_entropy(ids: Iterable[str]) -> float:
    """Entropy of the languages of the words that have one, in bits: at most 1 for two."""
    return entropy(tagged(list(ids)))


def span_entropy(lengths: Iterable[int]) -> float:
    """Entropy of span lengths, in bits, as in Guzmán et al. (2017)."""
    return entropy(lengths)

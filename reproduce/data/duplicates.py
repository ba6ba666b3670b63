"""Sentences that stand in the training data and in an evaluation: counted, never taken out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from reproduce.nouns.sentence import Example, Sentence


def fingerprints(examples: Iterable[Example]) -> set[bytes]:
    """One short hash for each different sentence or pair, annotation left out."""
    return {fingerprint(example) for example in examples}


def count_duplicates(train: set[bytes], evaluated: Iterable[Example]) -> int:
    """How many examples of an evaluation are word for word in the training data."""
    return sum(fingerprint(example) in train for example in evaluated)


def fingerprint(example: Example) -> bytes:
    """A short hash of the words of a sentence or pair."""
    parts = (example,) if isinstance(example, Sentence) else (example.first, example.second)
    text = "\n".join(" ".join(part.words) for part in parts)
    return hashlib.sha256(text.encode()).digest()[:8]

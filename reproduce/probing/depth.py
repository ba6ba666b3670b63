"""How deep words stand in their dependency tree."""

from __future__ import annotations

from reproduce.errors import DataError
from reproduce.nouns.sentence import Sentence

DEEPEST = 4
DEPTHS = (*(str(depth) for depth in range(DEEPEST)), f"{DEEPEST}+")
"""Depths that a probe tells apart; the root has 0."""


def depths(sentence: Sentence) -> tuple[int, ...]:
    """Arcs from each word to the root.

    Raises:
        DataError: no heads, or they make no tree.
    """
    if sentence.heads is None:
        raise DataError("no dependency heads", where=sentence.id)
    return tuple(_depth(sentence, word) for word in range(len(sentence.words)))


def depth_label(depth: int) -> str:
    """One of `DEPTHS`."""
    return DEPTHS[min(depth, DEEPEST)]


def _depth(sentence: Sentence, word: int) -> int:
    heads = sentence.heads
    assert heads is not None
    steps = 0
    while heads[word] != 0:
        word, steps = heads[word] - 1, steps + 1
        if steps > len(heads) or not 0 <= word < len(heads):
            raise DataError("the dependency heads make no tree", where=sentence.id)
    return steps

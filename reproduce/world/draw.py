"""Random draws that are the same on every platform and version of Python."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")

Draw = Callable[[], float]
"""Uniform numbers in [0, 1): `Random.random`, the only method whose stream Python guarantees."""


def stream(*key: object) -> Draw:
    """The stream of draws that belongs to a key."""
    text = "\x1f".join(map(str, key)).encode()
    return Random(int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")).random


def pick(draw: Draw, items: Sequence[T]) -> T:
    """One of the items, all equally likely."""
    return items[int(draw() * len(items))]


def shuffled(draw: Draw, items: Sequence[T]) -> list[T]:
    """The items in random order (`Random.shuffle` is not guaranteed to stay the same)."""
    rest = list(items)
    for i in range(len(rest) - 1, 0, -1):
        j = int(draw() * (i + 1))
        rest[i], rest[j] = rest[j], rest[i]
    return rest


class Table(Generic[T]):
    """Items with integer weights; integers, so that no rounding differs between machines."""

    __slots__ = ("_cumulative", "items", "total")

    def __init__(self, items: Sequence[T], weights: Sequence[int]):
        self.items = tuple(items)
        self._cumulative = list(accumulate(weights))
        self.total = self._cumulative[-1]

    def draw(self, draw: Draw) -> T:
        """One item in proportion to its weight."""
        return self.items[bisect_right(self._cumulative, int(draw() * self.total))]


def zipf(n: int, shift: int = 0) -> list[int]:
    """Integer weights that fall as 1 / (rank + shift)."""
    return [100_000 // (rank + 1 + shift) for rank in range(n)]

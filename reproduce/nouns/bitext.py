"""A sentence with its translation, word by word."""

from __future__ import annotations

from dataclasses import dataclass

from reproduce.nouns.sentence import Sentence


@dataclass(frozen=True, slots=True)
class Bitext:
    """Two sentences of one meaning and the links between their words.

    Attributes:
        first, second: the sentences, in two languages.
        links: pairs (place in the first, place in the second), from 0, ascending; a word has at
            most one link.
    """

    first: Sentence
    second: Sentence
    links: tuple[tuple[int, int], ...]

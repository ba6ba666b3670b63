"""The interface of everything that yields sentences: the embedded world and readers of files."""

from __future__ import annotations

from typing import Protocol

from reproduce.nouns.cell import DataSlice, Split, Whereabouts
from reproduce.nouns.sentence import Example
from reproduce.nouns.setting import DataChoice
from reproduce.registry import Registry


class Source(Protocol):
    """A reader; both methods are deterministic."""

    def describe(
        self, choice: DataChoice, task: str, language: str, split: Split, count: int
    ) -> DataSlice:
        """Pin a slice: its corpus, the digest of its content, and how many examples there are.

        `count` of the result is the smaller of what was asked for and what the corpus holds.

        Raises:
            DataError: no such file, language or task; the message says what is there.
        """
        ...

    def load(self, piece: DataSlice, whereabouts: Whereabouts) -> list[Example]:
        """The examples of a slice, in order.

        Raises:
            DataError: the corpus is absent or no longer has the digest of the slice.
        """
        ...


SOURCES: Registry[Source] = Registry(
    "source",
    {
        "world": "reproduce.world.source:SOURCE",
        "conllu": "reproduce.data.conllu:SOURCE",
        "columns": "reproduce.data.columns:SOURCE",
        "tsv": "reproduce.data.tsv:SOURCE",
        "parallel": "reproduce.data.parallel:SOURCE",
        "gluecos": "reproduce.data.gluecos:SOURCE",
        "codeswitch": "reproduce.codeswitch.source:SOURCE",
        "hub": "reproduce.data.hub:SOURCE",
    },
)

GENERATED = ("world", "codeswitch")
"""Sources whose sentences this package makes: nothing to keep encoded, or to search for repeats."""

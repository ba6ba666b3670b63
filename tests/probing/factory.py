"""Parallel sentences in memory with tags and trees, a source that serves them, and cells."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import numpy as np

from reproduce.models.checkpoint import inspect_checkpoint
from reproduce.nouns.cell import DataSlice, Fusion, Whereabouts
from reproduce.nouns.probe import Measurement
from reproduce.nouns.sentence import Example, Sentence, SentencePair
from reproduce.nouns.source import SOURCES
from tests.tiny import WORDS
from tests.training.factory import TAGS


def sentence(language: str, number: int) -> Sentence:
    """Sentence `number` in a language: the same words for all, in an order of its own."""
    generator = np.random.default_rng(number)
    words = [str(word) for word in generator.choice(WORDS, size=generator.integers(3, 9))]
    if language != "en":
        words = words[::-1]
    heads = (0, *range(1, len(words)))  # each word hangs on the one before it
    return Sentence(
        tuple(words), language, f"{language}{number}", f"c{number}",
        tags=tuple(TAGS[word] for word in words), heads=heads,
    )  # fmt: skip


class ParallelSource:
    """Counts its loads; a task `retrieval` has pairs, everything else sentences."""

    def __init__(self) -> None:
        self.loads = 0

    def load(self, piece: DataSlice, whereabouts: Whereabouts) -> list[Example]:
        self.loads += 1
        first = 1000 if piece.name == "apart" else 0
        own = [sentence(piece.language, first + n) for n in range(piece.count)]
        if piece.task != "retrieval":
            return list(own)
        other = [sentence("en", n) for n in range(piece.count)]
        return [
            SentencePair(a, b, "translation", a.id, a.cluster)
            for a, b in zip(own, other, strict=True)
        ]


SOURCE = ParallelSource()


def register() -> None:
    module = ModuleType("tests_parallel_memory")
    module.SOURCE = SOURCE  # type: ignore[attr-defined]
    sys.modules[module.__name__] = module
    SOURCES._built_in["parallel-memory"] = f"{module.__name__}:SOURCE"


def piece(language: str, task: str = "pos", count: int = 30, name: str = "m") -> DataSlice:
    return DataSlice(
        source="parallel-memory", name=name, language=language, task=task, split="test",
        count=count, digest="0",
    )  # fmt: skip


def make_cell(kind: type[Measurement], folder: Path, task: str, layer: int = 1, **changes):
    data = "retrieval" if task.startswith("retrieval") else "pos"
    values = {
        "model": inspect_checkpoint(folder).digest,
        "task": task,
        "fusion": Fusion(kind="layer", layer=layer),
        "evaluate": tuple(piece(code, data) for code in ("de", "fr")),
        "max_length": 64,
        "steps": {},
    }
    return kind(**(values | changes))


def whereabouts(folder: Path) -> Whereabouts:
    return Whereabouts(checkpoints={inspect_checkpoint(folder).digest: str(folder)})

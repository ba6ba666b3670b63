"""Examples in memory, a source that serves them, and cells over both."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import numpy as np

from reproduce.models.checkpoint import inspect_checkpoint
from reproduce.nouns.cell import DataSlice, FineTune, Fusion, Whereabouts
from reproduce.nouns.sentence import Example, Sentence, SentencePair
from reproduce.nouns.setting import Training
from reproduce.nouns.source import SOURCES
from tests.tiny import WORDS

TAGS = dict(zip(WORDS, ["DET", "NOUN", "NOUN", "VERB", "VERB", "ADJ", "NOUN", "PART", "ADP",
                        "PROPN", "PROPN", "PROPN"], strict=True))  # fmt: skip
ENTITIES = {"ana": "B-PER", "oslo": "B-LOC", "acme": "B-ORG"}


def sentence(*words: str, number: int = 0, **annotation) -> Sentence:
    return Sentence(words, "en", f"s{number}", f"c{number}", **annotation)


def examples(task: str, count: int, seed: int = 0) -> list[Example]:
    """Learnable examples: tags and entities by word, paraphrases by a shared first word.

    Sentences are positive if they begin with one of the first words, else negative.
    """
    generator = np.random.default_rng(seed)
    made: list[Example] = []
    for number in range(count):
        words = tuple(generator.choice(WORDS, size=generator.integers(2, 9)))
        tags = tuple(TAGS[word] for word in words)
        entities = tuple(ENTITIES.get(word, "O") for word in words)
        languages = tuple("en" if len(word) % 2 else "de" for word in words)
        first = sentence(*words, number=number, tags=tags, entities=entities, languages=languages)
        if task == "sentiment":
            label = "positive" if words[0] in WORDS[:6] else "negative"
            made.append(sentence(*words, number=number, label=label))
            continue
        if task in ("pos", "ner"):
            made.append(first)
            continue
        same = bool(generator.integers(2))
        other = sentence(*(words[::-1] if same else generator.choice(WORDS, size=5)))
        labels = ("different", "paraphrase") if task == "pawsx" else ("neutral", "entailment")
        made.append(SentencePair(first, other, labels[same], f"p{number}", f"c{number}"))
    return made


class MemorySource:
    """A source whose slices are made from their own description; counts its loads."""

    def __init__(self) -> None:
        self.loads = 0

    def load(self, piece: DataSlice, whereabouts: Whereabouts) -> list[Example]:
        self.loads += 1
        return examples(piece.task, piece.count, seed=len(piece.split) + ord(piece.language[0]))


SOURCE = MemorySource()


def register(name: str = "memory") -> None:
    module = ModuleType("tests_memory_source")
    module.SOURCE = SOURCE  # type: ignore[attr-defined]
    sys.modules[module.__name__] = module
    SOURCES._built_in[name] = f"{module.__name__}:SOURCE"


def piece(task: str, split: str, count: int, language: str = "en") -> DataSlice:
    return DataSlice(
        source="memory", name="m", language=language, task=task, split=split, count=count,
        digest="0",
    )  # fmt: skip


def make_cell(folder: Path, task: str = "pos", fusion: Fusion | None = None, **changes) -> FineTune:
    training = {"epochs": 2, "batch_size": 8, "learning_rate": 5e-3, "max_length": 64}
    training |= changes.pop("training", {})
    values = {
        "model": inspect_checkpoint(folder).digest,
        "fusion": fusion or Fusion(),
        "task": task,
        "pair_head": "matched",
        "train": (piece(task, "train", 40),),
        "evaluate": (
            piece(task, "dev", 10), piece(task, "dev", 10, "de"), piece(task, "test", 12),
            piece(task, "test", 12, "de"),
        ),
        "training": Training(**training),
        "checkpoints": ("last",),
        "seed": 1,
        "steps": {},
    }  # fmt: skip
    return FineTune(**(values | changes))


def whereabouts(folder: Path) -> Whereabouts:
    return Whereabouts(checkpoints={inspect_checkpoint(folder).digest: str(folder)})

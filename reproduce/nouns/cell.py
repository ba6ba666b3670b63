"""A cell: the smallest unit of training and evaluation."""

from __future__ import annotations

from typing import Literal

from reproduce.nouns.base import Noun, digest
from reproduce.nouns.setting import Training

Split = Literal["train", "dev", "test"]


class Fusion(Noun):
    """How the representation of the last layer is combined with that of a lower one.

    `layer` counts transformer layers from 1 (the first after the embeddings); None for `last`.
    """

    kind: str = "last"
    layer: int | None = None
    reading: Literal["complementary", "product"] = "complementary"  # w x + (1-w) y | w (x + y)
    squeeze: int = 4


class DataSlice(Noun):
    """The first `count` examples of one split of a corpus, pinned by a digest of its content."""

    source: str  # reader
    name: str  # corpus within the reader, e.g. a treebank
    language: str
    task: str
    split: Split
    count: int
    digest: str


class FineTune(Noun):
    """Fine-tune an encoder with a fusion module on one task and evaluate it on many slices."""

    kind: Literal["fine_tune"] = "fine_tune"
    model: str  # sha256 of the checkpoint's weights, configuration and tokenizer
    fusion: Fusion
    task: str
    pair_head: str
    train: DataSlice
    evaluate: tuple[DataSlice, ...]
    training: Training
    checkpoints: tuple[str, ...]
    seed: int
    steps: dict[str, str]  # code step -> version


Cell = FineTune


def cell_id(cell: Cell) -> str:
    """Identity: the digest of the canonical JSON (32 hexadecimal digits)."""
    return digest(cell.model_dump(mode="json"))[:32]


class Whereabouts(Noun):
    """Where on this machine the things are that cells name by digest; never part of an identity."""

    checkpoints: dict[str, str]  # model digest -> folder
    corpora: dict[str, str] = {}  # "source/name" -> folder or file
    options: dict[
        str, dict[str, str | int | float | bool]
    ] = {}  # "source/name" -> reader's options

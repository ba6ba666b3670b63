"""A cell: the smallest unit of training and evaluation."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import (
    BeforeValidator,
    Field,
    SerializeAsAny,
    SerializerFunctionWrapHandler,
    model_serializer,
)

from reproduce.nouns.base import Noun, by_kind, digest
from reproduce.nouns.setting import Training
from reproduce.registry import Registry

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
    """The first `count` examples of one split of a corpus, pinned by a digest of its content.

    `part` restricts what is scored: words right after a switch of language, or all other words.
    """

    source: str  # reader
    name: str  # corpus within the reader, e.g. a treebank
    language: str
    task: str
    split: Split
    count: int
    digest: str
    part: Literal["", "switch", "inside"] = ""


class Cell(Noun):
    """What every kind of cell has; `kind` selects one.

    Attributes:
        model: sha256 of the checkpoint's weights, configuration and tokenizer.
        task: what is predicted, or measured of a frozen encoder.
        fusion: what is taken from the encoder; for measures of one layer alone its kind is `layer`.
        evaluate: the slices that the record has scores of.
        steps: code step -> version, of the steps that the kind `uses`.
    """

    uses: ClassVar[tuple[str, ...]] = ()
    typical_seconds: ClassVar[float | None] = None  # core-seconds, until some are measured

    kind: str
    model: str
    task: str
    fusion: Fusion = Fusion()
    evaluate: tuple[DataSlice, ...] = ()
    seed: int = 0
    steps: dict[str, str]


class Adapt(Noun):
    """Continued masked language modelling of the encoder, before it is fine-tuned."""

    text: tuple[DataSlice, ...]
    updates: Annotated[int, Field(ge=1)]
    batch_size: Annotated[int, Field(ge=1)] = 16
    learning_rate: Annotated[float, Field(gt=0, le=1)]
    mask_share: Annotated[float, Field(gt=0, lt=1)] = 0.15


class FineTune(Cell):
    """Fine-tune an encoder with a fusion module on one task and evaluate it on many slices.

    Attributes:
        train: what is trained on, one slice after the other, shuffled together in each epoch.
        labels: `shuffled` moves the labels of the training data to other words, or other pairs: a
            control that must fall to chance.
        encoder: `degraded` spoils the last layer first: a control in which a lower layer must help;
            `random` draws all weights anew: an encoder without pretraining.
    """

    uses: ClassVar[tuple[str, ...]] = (
        "data",
        "encoding",
        "model",
        "fusion",
        "training",
        "evaluation",
    )

    kind: Literal["fine_tune"] = "fine_tune"
    pair_head: str
    train: Annotated[tuple[DataSlice, ...], Field(min_length=1)]
    training: Training
    checkpoints: tuple[str, ...]
    labels: Literal["gold", "shuffled"] = "gold"
    encoder: Literal["whole", "degraded", "random"] = "whole"
    adapt: Adapt | None = None


class Majority(Cell):
    """Always answer the most frequent label of the training data: what chance comes to.

    A model that has learned nothing of its input but how often labels occur does no better. It is
    scored on the same slices as `FineTune` and encoded in the same way, so that both can be paired.
    """

    uses: ClassVar[tuple[str, ...]] = ("data", "encoding", "training", "evaluation")
    typical_seconds: ClassVar[float | None] = 1.0

    kind: Literal["majority"] = "majority"
    fusion: Fusion = Fusion(kind="majority")
    train: Annotated[tuple[DataSlice, ...], Field(min_length=1)]
    max_length: Annotated[int, Field(ge=8)]
    long: Literal["cut", "split"] = "cut"  # as in `Training`
    checkpoints: tuple[str, ...]

    @model_serializer(mode="wrap")
    def _as_before(self, write: SerializerFunctionWrapHandler) -> dict[str, object]:
        """Without `long` where it is the default, so that cells keep the identity they had."""
        values: dict[str, object] = write(self)
        if self.long == "cut":
            values.pop("long", None)
        return values


# The kinds of cells; each is defined beside the code that computes it (see `reproduce.run_cell`).
CELLS: Registry[type[Cell]] = Registry(
    "kind of cell",
    {
        "fine_tune": "reproduce.nouns.cell:FineTune",
        "retrieval": "reproduce.nouns.probe:Retrieval",
        "probe": "reproduce.nouns.probe:Probe",
        "similarity": "reproduce.nouns.probe:Similarity",
        "majority": "reproduce.nouns.cell:Majority",
        "contract": "reproduce.nouns.contract:ContractCell",
    },
    group="reproduce.cells",
)

AnyCell = Annotated[SerializeAsAny[Cell], BeforeValidator(by_kind(CELLS))]
"""A cell of whatever kind, as a field of another noun."""


def trained_on(cell: Cell) -> tuple[str, ...]:
    """The languages that a cell trains on, none for measures of a frozen encoder."""
    pieces: tuple[DataSlice, ...] = getattr(cell, "train", ())
    return tuple(dict.fromkeys(piece.language for piece in pieces))


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

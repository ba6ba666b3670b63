"""Cells that measure a frozen encoder: nothing in them is trained but a probe."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from reproduce.nouns.cell import Cell


class Measurement(Cell):
    """One measure at one layer; `fusion` is `Fusion(kind="layer", layer=k)`, 0 the embeddings.

    Attributes:
        max_length: longest sequence in sub-words, special ones included.
    """

    typical_seconds: ClassVar[float | None] = 1.5

    uses: ClassVar[tuple[str, ...]] = ("data", "encoding", "model", "probing")

    max_length: Annotated[int, Field(ge=8, le=512)] = 128


class Retrieval(Measurement):
    """Is the nearest sentence of the other language the translation, in both directions?

    `task` is `retrieval`, where each language's mean is taken off, or `retrieval_raw`.
    """

    kind: Literal["retrieval"] = "retrieval"


class Probe(Measurement):
    """A linear classifier of single words or sentences, on data held out from its training.

    `task` is `pos_probe`, `depth_probe` or `language_probe`.

    Attributes:
        labels: `control` gives each word type a random label, drawn as often as the true ones are
            (Hewitt and Liang 2019): what a probe can learn without help from the encoder.
        folds: parts of the data, each predicted by a probe that was trained on the others.
        strength: inverse of the L2 penalty.
        seed: of the folds and of the control's labels.
    """

    kind: Literal["probe"] = "probe"
    labels: Literal["gold", "control"] = "gold"
    folds: Annotated[int, Field(ge=2, le=20)] = 2
    strength: Annotated[float, Field(gt=0)] = 1.0


class Similarity(Measurement):
    """How alike any two languages are represented; `task` is `cka` or `centroid`.

    The record has a segment for each pair of the evaluated languages, named by `pair_name`.
    """

    kind: Literal["similarity"] = "similarity"

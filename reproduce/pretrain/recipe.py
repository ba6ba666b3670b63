"""The recipe of a pretraining run: everything that decides its result, but the world itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args

from reproduce.errors import UserError

Arm = Literal["full", "scrambled", "topic-free"]
ARMS: tuple[str, ...] = get_args(Arm)


@dataclass(frozen=True)
class Comparing:
    """A stage that compares sentences (see `reproduce.pretrain.comparison`).

    Attributes:
        tokens: its sub-words.
        rate: its peak learning rates, as a share of the first stage's.
        masked: share of its batches of pairs that are for masked language modelling.
        ordinary: share of the first stage's batches of the same text that go on beside them.
            Without any, the encoder forgets: held out, its loss rose from 3.4 to 4.3 nats in 12
            million sub-words.
        batch_tokens: sub-words of a batch of pairs.
        damages: shares of pairs left intact, and with a word replaced, two exchanged, one
            dropped, one inserted.
    """

    tokens: int
    rate: float = 0.5
    masked: float = 0.25
    ordinary: float = 1.0
    batch_tokens: int = 4_096
    damages: tuple[float, float, float, float, float] = (0.2, 0.2, 0.2, 0.2, 0.2)


# The second stage learns to compare while it goes on with the text, the third compares above all,
# the last refreshes the text without losing the comparison.
STAGES = (
    Comparing(tokens=28_000_000, damages=(1 / 6, 1 / 6, 1 / 3, 1 / 6, 1 / 6)),
    Comparing(
        tokens=14_000_000,
        masked=0.15,
        ordinary=0.25,
        batch_tokens=2_048,
        damages=(0.2, 0.25, 0.25, 0.15, 0.15),
    ),
    Comparing(tokens=6_000_000, rate=0.3),
)


@dataclass(frozen=True)
class Recipe:
    """What is trained, on what, and how.

    Attributes:
        tokens: sub-words of the first stage, special ones and padding excluded; it ends with the
            batch that reaches them.
        seed: of the initial weights, the order of the examples and the masks.
        arm: `full` text; `scrambled`, the words of each sentence in random order; `topic-free`,
            each word drawn anew from the unigram distribution of its language.
        kinship: whether related languages share roots and order (the counter-world has none).
        passes: how often each document is seen; every pass pairs and masks anew.
        vocabulary: entries of the tokenizer, special ones included.
        pair_share: share of sentences that stand in a segment pair with the next one.
        restate_share: of the pairs, the share whose second segment repeats the first with masks
            of its own.
        mask_share: share of sub-words predicted; of these 80 % are hidden, 10 % replaced.
        batch_tokens: sub-words of a batch, padding included.
        learning_rate: peak of AdamW, which trains embeddings, biases and norms.
        matrix_rate: peak of Muon, which trains the matrices of the layers.
        warmup: share of a stage's tokens over which the learning rate rises; then it falls as a
            cosine to `floor` times its peak.
        comparing: the stages after the first, which compare sentences; empty leaves them out.
        comparison_repeated: share of their pairs whose second segment is the first one again.
        comparison_marks: weight of the loss per sub-word against that per pair.
    """

    tokens: int = 16_000_000
    seed: int = 0
    arm: str = "full"
    kinship: bool = True
    passes: int = 1
    vocabulary: int = 5_000
    layers: int = 8
    hidden: int = 64
    heads: int = 4
    positions: int = 128
    pair_share: float = 0.5
    restate_share: float = 0.0
    mask_share: float = 0.2
    batch_tokens: int = 4_096
    learning_rate: float = 2e-3
    matrix_rate: float = 2e-2
    warmup: float = 0.03
    floor: float = 0.02
    weight_decay: float = 0.01
    beta2: float = 0.98
    clip: float = 1.0
    init_range: float = 0.02
    comparing: tuple[Comparing, ...] = STAGES
    comparison_repeated: float = 0.6
    comparison_marks: float = 2.0

    def __post_init__(self) -> None:
        """Refuse what cannot be trained.

        Raises:
            UserError: an arm that does not exist, or a size that is not positive.
        """
        if self.arm not in ARMS:
            raise UserError(f"unknown arm {self.arm!r}", allowed=", ".join(ARMS))
        for name in ("tokens", "passes", "vocabulary", "layers", "hidden", "heads"):
            if getattr(self, name) < 1:
                raise UserError(f"{name} is {getattr(self, name)}", allowed="a positive number")
        if self.hidden % self.heads:
            raise UserError(
                f"hidden size {self.hidden} does not divide into {self.heads} heads",
                allowed="a hidden size that is a multiple of the heads",
            )
        if self.batch_tokens < self.positions:
            raise UserError(
                f"a batch of {self.batch_tokens} tokens holds no example of {self.positions}",
                allowed="batch_tokens of at least positions",
            )


def recipe_from(fields: Mapping[str, Any]) -> Recipe:
    """The recipe whose fields were written as JSON."""
    stages = (
        Comparing(**{**stage, "damages": tuple(stage["damages"])}) for stage in fields["comparing"]
    )
    return Recipe(**{**fields, "comparing": tuple(stages)})


def recipe_digest(recipe: Recipe, text_digest: str, stage: int) -> str:
    """SHA-256 of text and recipe up to a stage: a run is only continued under the same one.

    An earlier stage does not see the later ones, so that a run that is still in it, or at its
    end, may go on under others.
    """
    fields = asdict(replace(recipe, comparing=recipe.comparing[:stage]))
    text = json.dumps({"recipe": fields, "text": text_digest}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def recipe_digests(recipe: Recipe, text_digest: str) -> tuple[str, ...]:
    """The digest up to each stage."""
    stages = range(1 + len(recipe.comparing))
    return tuple(recipe_digest(recipe, text_digest, stage) for stage in stages)

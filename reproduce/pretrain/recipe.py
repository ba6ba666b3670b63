"""The recipe of a pretraining run: everything that decides its result, but the world itself."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Literal, get_args

from reproduce.errors import UserError

Arm = Literal["full", "scrambled", "topic-free"]
ARMS: tuple[str, ...] = get_args(Arm)


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
        comparison_tokens: sub-words of a second stage, which compares sentences; 0 leaves it out.
        comparison_rate: its peak learning rate, as a share of the first stage's.
        comparison_masked: share of its batches that are for masked language modelling.
        comparison_ordinary: whether the first stage's batches of the same text go on beside them.
            Without, the encoder forgets: held out, its loss rose from 3.4 to 4.3 nats in 12
            million sub-words.
        comparison_repeated: share of its pairs whose second segment is the first one again.
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
    comparison_tokens: int = 28_000_000
    comparison_rate: float = 0.5
    comparison_masked: float = 0.25
    comparison_ordinary: bool = True
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


def recipe_digest(recipe: Recipe, text_digest: str, stage: int = 1) -> str:
    """SHA-256 of recipe and text: a run is only continued under the same one.

    The first stage (0) does not see the settings of the second, so that a run that is still in
    it, or at its end, may go on under another second stage.
    """
    fields = asdict(recipe)
    if stage == 0:
        fields = {k: v for k, v in fields.items() if not k.startswith("comparison_")}
    text = json.dumps({"recipe": fields, "text": text_digest}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()

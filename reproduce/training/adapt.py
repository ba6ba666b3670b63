"""Continued masked language modelling of an encoder, before it is fine-tuned."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import torch
from torch import nn
from torch.nn import functional

from reproduce.errors import CellError, CheckpointError
from reproduce.models.batch import Batch
from reproduce.models.encoder import encode
from reproduce.models.fast_encoder import encode_fast
from reproduce.nouns.cell import Adapt
from reproduce.nouns.setting import Training
from reproduce.training.batches import Layout, make_batch, training_rows
from reproduce.training.encode import Encoded, Integers, SpecialIds, special_ids
from reproduce.training.loop import make_optimizer, rate
from reproduce.training.seeds import Seeds, derive

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import BertModel

_WARMUP = 0.1
_CLIP = 1.0


class MaskedPredictor(nn.Module):
    """An encoder with scores over its sub-words at masked places, the embeddings tied.

    Args:
        encoder: changed in training.
        transform: what stands between encoder and embeddings; BERT's own where the checkpoint has
            it, else the identity with a LayerNorm, which learns along.
    """

    def __init__(self, encoder: BertModel, transform: nn.Module):
        super().__init__()
        self.encoder = encoder
        self.transform = transform
        self.bias = nn.Parameter(torch.zeros(encoder.config.vocab_size))

    def forward(self, batch: Batch, places: torch.Tensor) -> torch.Tensor:
        """Scores [masked, vocabulary] at `places` of the flattened batch."""
        run = encode if batch.ids.is_cuda else encode_fast
        hidden = run(self.encoder, batch, None).last.flatten(0, 1)[places]
        words = self.encoder.embeddings.word_embeddings.weight
        scores: torch.Tensor = self.transform(hidden) @ words.T + self.bias
        return scores


def plain_transform(hidden: int) -> nn.Module:
    """The identity, followed by a LayerNorm."""
    linear = nn.Linear(hidden, hidden)
    nn.init.eye_(linear.weight)
    nn.init.zeros_(linear.bias)
    return nn.Sequential(linear, nn.LayerNorm(hidden))


def load_transform(folder: str, hidden: int) -> nn.Module:
    """The transform of the checkpoint's own prediction head, or a plain one if it has none."""
    from safetensors import safe_open

    names: set[str] = set()
    for path in sorted(Path(folder).glob("*.safetensors")):
        with safe_open(path, framework="pt") as file:
            names |= set(file.keys())
    if not any(name.startswith("cls.predictions.transform.") for name in names):
        return plain_transform(hidden)
    from transformers import BertForMaskedLM

    load = cast(Any, BertForMaskedLM).from_pretrained
    transform: nn.Module = load(
        folder, dtype=torch.float32, local_files_only=True
    ).cls.predictions.transform
    return transform


def mask_id(tokenizer: Tokenizer) -> int:
    """The id of [MASK].

    Raises:
        CheckpointError: the vocabulary has none.
    """
    number = tokenizer.token_to_id("[MASK]")
    if number is None:
        raise CheckpointError(
            "the vocabulary has no [MASK]: masked language modelling cannot go on",
            next_step="leave out the unlabelled arms, or take another checkpoint",
        )
    return int(number)


def adapted(
    encoder: BertModel,
    transform: nn.Module,
    text: Encoded,
    adapt: Adapt,
    *,
    seeds: Seeds,
    layout: Layout,
    tokenizer: Tokenizer,
) -> BertModel:
    """A copy of the encoder after `adapt.updates` steps on the text, which is cycled over.

    Of the sub-words `adapt.mask_share` are predicted: of these 80 % are masked, 10 % replaced at
    random and 10 % kept, as in BERT. AdamW with linear warm-up and decay, as in fine-tuning.

    Raises:
        CellError: the loss is no number.
    """
    special, mask = special_ids(tokenizer), mask_id(tokenizer)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = MaskedPredictor(copy.deepcopy(encoder), copy.deepcopy(transform)).to(device)
    model.train()
    optimizer = make_optimizer(
        model, Training(epochs=1, learning_rate=adapt.learning_rate, weight_decay=0.01)
    )
    packed = [p for group in optimizer.param_groups for p in group["params"]]
    for step, rows in enumerate(_rows(text, adapt, derive(seeds.data, "adapt"))):
        batch = make_batch(text, rows, layout).to(device)
        torch.manual_seed(derive(seeds.dropout, f"adapt/{step}"))
        hidden = hide(batch.ids, special, mask, adapt.mask_share, len(model.bias))
        loss = functional.cross_entropy(model(batch, hidden.places), hidden.gold)
        if not math.isfinite(loss.item()):
            raise CellError(f"the loss is {loss.item()} in step {step + 1} of adaptation")
        optimizer.zero_grad(set_to_none=False)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(packed, _CLIP)
        for group in optimizer.param_groups:
            group["lr"] = adapt.learning_rate * rate(step, adapt.updates, _WARMUP)
        optimizer.step()
    nn.Module.to(model.encoder, "cpu")
    return model.encoder


def _rows(text: Encoded, adapt: Adapt, seed: int) -> Iterator[Integers]:
    """Rows of each batch, the text shuffled anew each time it is used up."""
    left, turn = adapt.updates, 0
    while left:
        turn += 1
        for rows in training_rows(text.ids.lengths(), adapt.batch_size, derive(seed, f"{turn}")):
            if left:
                left -= 1
                yield rows


class Hidden(NamedTuple):
    """Places in the flattened batch that are predicted, and the sub-words that stood there."""

    places: torch.Tensor  # [masked]
    gold: torch.Tensor  # [masked]


def hide(
    ids: torch.Tensor, special: SpecialIds, mask: int, share: float, vocabulary: int
) -> Hidden:
    """Choose what is predicted, and hide it in `ids`, in place."""
    flat = ids.view(-1)
    words = torch.ones_like(flat, dtype=torch.bool)
    for number in (special.pad, special.cls, special.sep):
        words &= flat != number
    chosen = words & (torch.rand(flat.shape).to(flat.device) < share)
    if not chosen.any():
        chosen[words.nonzero()[0]] = True
    places = chosen.nonzero()[:, 0]
    gold = flat[places].clone()
    fate = torch.rand(len(places)).to(flat.device)
    flat[places[fate < 0.8]] = mask
    replaced = places[(fate >= 0.8) & (fate < 0.9)]
    flat[replaced] = torch.randint(vocabulary, (len(replaced),)).to(flat.device)
    return Hidden(places, gold)

"""Running a BERT encoder so that the last layer and one lower layer come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch

from reproduce.models.batch import Batch

if TYPE_CHECKING:
    from transformers import BertModel


class States(NamedTuple):
    """Representations of two layers, each float32 [B, T, E]."""

    last: torch.Tensor
    lower: torch.Tensor  # the last layer itself where no lower one is asked for


def encode(encoder: BertModel, batch: Batch, layer: int | None) -> States:
    """Run all layers and keep the output of `layer` (from 1) beside that of the last.

    The same as `encoder(..., output_hidden_states=True)`, which keeps all of them; a test holds
    both equal.
    """
    hidden = encoder.embeddings(
        input_ids=batch.ids, token_type_ids=batch.types, position_ids=batch.positions
    )
    mask = attention_mask(batch.mask, hidden.dtype)
    lower: torch.Tensor | None = None
    for number, block in enumerate(encoder.encoder.layer, start=1):
        hidden = block(hidden, mask)
        if number == layer:
            lower = hidden
    return States(hidden, hidden if lower is None else lower)


def attention_mask(mask: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """What is added to attention scores, [B, 1, 1, T]: 0 at sub-words, the smallest number else.

    A float mask is understood by every attention of transformers; a four-dimensional boolean one is
    silently wrong under `eager`.
    """
    blocked = torch.zeros(mask.shape, dtype=dtype, device=mask.device)
    return blocked.masked_fill_(~mask, torch.finfo(dtype).min)[:, None, None, :]


def set_dropout(encoder: BertModel, probability: float) -> None:
    """Use one probability for every dropout of the encoder, attention included, as BERT does."""
    for module in encoder.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = probability

"""The model that a cell trains: encoder, fusion module and head."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import torch
from torch import nn

from reproduce.models.batch import Batch
from reproduce.models.encoder import encode
from reproduce.models.fast_encoder import encode_fast
from reproduce.models.fusion.module import FusionModule

if TYPE_CHECKING:
    from transformers import BertModel

EncoderPath = Literal["plain", "fast"]
_PATHS = {"plain": encode, "fast": encode_fast}


class FusionClassifier(nn.Module):
    """Encoder, then the fusion of its last layer with one lower layer, then a head.

    Args:
        encoder: a BERT encoder.
        fusion: combines two layers' token representations.
        head: maps fused tokens and the batch to scores.
        layer: the lower layer, counted from 1; None where the fusion module reads the last only.
        path: how the encoder is run; `fast` is meant for small encoders on a CPU.
    """

    def __init__(
        self,
        encoder: BertModel,
        fusion: FusionModule,
        head: nn.Module,
        *,
        layer: int | None,
        path: EncoderPath = "plain",
    ):
        super().__init__()
        self.encoder = encoder
        self.fusion = fusion
        self.head = head
        self.layer = layer
        self.path = path

    def forward(self, batch: Batch) -> torch.Tensor:
        """Scores [N, labels], one row per word or per pair."""
        states = _PATHS[self.path](self.encoder, batch, self.layer)
        fused = self.fusion(states.last, states.lower, batch.mask, batch.keys)
        scores: torch.Tensor = self.head(fused, batch)
        return scores

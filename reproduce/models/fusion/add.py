"""The additive control: a lower layer added to the last, as in a residual connection."""

from __future__ import annotations

import torch
from torch import nn

from reproduce.models.fusion.module import FusionModule
from reproduce.nouns.cell import Fusion


class Add(FusionModule):
    """Out = last + dropout(lower); no parameters."""

    def __init__(self, hidden: int, fusion: Fusion, dropout: float):
        super().__init__(hidden, fusion, dropout)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self,
        last: torch.Tensor,
        lower: torch.Tensor,
        mask: torch.Tensor,
        keys: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """See `FusionModule.forward`."""
        dropped: torch.Tensor = self.dropout(lower)
        return last + dropped

"""The control for "dynamic": a learned gate that is the same for every token."""

from __future__ import annotations

import torch
from torch import nn

from reproduce.models.fusion.gate import combine
from reproduce.models.fusion.module import FusionModule
from reproduce.nouns.cell import Fusion


class DlfaConstant(FusionModule):
    """Out as in DLFA, with w = sigmoid(c), c one learned number per hidden unit, at first 0."""

    def __init__(self, hidden: int, fusion: Fusion, dropout: float):
        super().__init__(hidden, fusion, dropout)
        self.constant = nn.Parameter(torch.zeros(hidden))

    def forward(
        self,
        last: torch.Tensor,
        lower: torch.Tensor,
        mask: torch.Tensor,
        keys: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """See `FusionModule.forward`."""
        return combine(last, lower, torch.sigmoid(self.constant).expand_as(last), self.reading)

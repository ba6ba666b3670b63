"""DLFA: the last and one lower layer fused by AIF."""

from __future__ import annotations

import torch

from reproduce.models.fusion.gate import Gate, combine
from reproduce.models.fusion.module import FusionModule
from reproduce.nouns.cell import Fusion


class Dlfa(FusionModule):
    """Out = w x + (1 - w) y, or w (x + y), with w from AIF on x + y (x last, y lower)."""

    def __init__(self, hidden: int, fusion: Fusion, dropout: float):
        super().__init__(hidden, fusion, dropout)
        self.gate = Gate(hidden, fusion.squeeze)

    def forward(
        self,
        last: torch.Tensor,
        lower: torch.Tensor,
        mask: torch.Tensor,
        keys: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """See `FusionModule.forward`."""
        return combine(last, lower, self.gate(last + lower, mask), self.reading)

"""The capacity control: the last layer alone through DLFA's parameters."""

from __future__ import annotations

import torch

from reproduce.models.fusion.gate import Gate
from reproduce.models.fusion.module import FusionModule
from reproduce.nouns.cell import Fusion


class DlfaSelf(FusionModule):
    """Out = 2 w x with w from AIF on 2x.

    AIF's own formula over x and x gives x again, whatever the gate is, and no gradient reaches it.
    """

    needs_lower = False

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
        doubled = 2 * last
        gate: torch.Tensor = self.gate(doubled, mask)
        return gate * doubled

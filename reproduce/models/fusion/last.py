"""The baseline: the last layer alone."""

from __future__ import annotations

import torch

from reproduce.models.fusion.module import FusionModule


class Last(FusionModule):
    """Out = last; no parameters."""

    needs_lower = False

    def forward(
        self,
        last: torch.Tensor,
        lower: torch.Tensor,
        mask: torch.Tensor,
        keys: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """See `FusionModule.forward`."""
        return last

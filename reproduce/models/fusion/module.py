"""The interface of fusion modules."""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import nn

from reproduce.nouns.cell import Fusion


class FusionModule(nn.Module):
    """Combines the token representations of two layers.

    Random initial values are drawn from torch's current generator, which the caller seeds.

    Args:
        hidden: E, the size of a token's representation.
        fusion: reading, squeeze and layer.
        dropout: probability, for modules that drop.
    """

    needs_lower: ClassVar[bool] = True

    def __init__(self, hidden: int, fusion: Fusion, dropout: float):
        super().__init__()
        self.hidden = hidden
        self.reading = fusion.reading

    def forward(
        self,
        last: torch.Tensor,
        lower: torch.Tensor,
        mask: torch.Tensor,
        keys: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Fuse two layers.

        Args:
            last: [B, T, E].
            lower: [B, T, E].
            mask: bool [B, T], False at padding.
            keys: int64 [B], a hash of each sentence, for what is random by sentence.

        Returns:
            [B, T, E]; what stands at padding means nothing.
        """
        raise NotImplementedError

"""The control for information: DLFA over a lower layer whose tokens are shuffled."""

from __future__ import annotations

import torch

from reproduce.models.fusion.dlfa import Dlfa
from reproduce.nouns.cell import Fusion

_MULTIPLIERS = (-0x40A7B892E31B1A47, -0x6B2FB644ECCEEE15)  # of splitmix64, as signed numbers
_SHIFTS = (30, 27, 31)
_LARGEST = torch.iinfo(torch.int64).max


class DlfaShuffled(Dlfa):
    """DLFA after the lower layer's tokens were moved within each sequence.

    The tokens of a sequence, special ones included, are put on one random cycle: all stay in it,
    none stays in its place. The cycle depends on the module's seed (drawn at initialisation) and on
    the sentence alone, in training and evaluation alike: not on batch, padding or epoch.
    """

    seed: torch.Tensor

    def __init__(self, hidden: int, fusion: Fusion, dropout: float):
        super().__init__(hidden, fusion, dropout)
        self.register_buffer("seed", torch.randint(0, 2**62, (1,)))

    def forward(
        self,
        last: torch.Tensor,
        lower: torch.Tensor,
        mask: torch.Tensor,
        keys: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """See `FusionModule.forward`; without keys, equally long sequences share a cycle."""
        if keys is None:
            keys = torch.zeros(len(mask), dtype=torch.int64, device=mask.device)
        source = self.cycle(mask, keys).unsqueeze(2).expand_as(lower)
        return super().forward(last, lower.gather(1, source), mask)

    def cycle(self, mask: torch.Tensor, keys: torch.Tensor) -> torch.Tensor:
        """Which token each place takes, int64 [B, T]; padding takes itself."""
        places = torch.arange(mask.shape[1], device=mask.device)
        scores = _mix(keys.unsqueeze(1) ^ _mix(places + self.seed))
        order = torch.where(mask, scores, _LARGEST).argsort(dim=1, stable=True)
        following = (places + 1) % mask.sum(dim=1, keepdim=True)
        target = order.gather(1, following)
        moved = torch.empty_like(order).scatter_(1, order, target)
        return torch.where(mask, moved, places)


def _mix(values: torch.Tensor) -> torch.Tensor:
    """Splitmix64's finaliser without the sign bit: equal on every machine, unlike a generator."""
    for shift, multiplier in zip(_SHIFTS, _MULTIPLIERS, strict=False):
        values = (values ^ _shifted(values, shift)) * multiplier
    return (values ^ _shifted(values, _SHIFTS[2])) & _LARGEST


def _shifted(values: torch.Tensor, by: int) -> torch.Tensor:
    """Shift right with zeros coming in: torch's own shift repeats the sign."""
    return (values >> by) & ((1 << (64 - by)) - 1)

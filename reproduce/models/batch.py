"""What a model reads in one step: padded sub-words and where words and sentences lie in them."""

from __future__ import annotations

from dataclasses import dataclass

import torch


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """B sequences padded on the right to T sub-words.

    Attributes:
        ids: sub-word ids, int64 [B, T].
        mask: True at sub-words, special ones included, False at padding; bool [B, T].
        types: 0 for the first sentence, 1 for the second, int64 [B, T].
        positions: position ids, int64 [B, T].
        keys: a hash of each sequence's sub-words, int64 [B]; seeds what is random by sentence.
        words: index into the flattened [B * T] of each word's first sub-word, int64 [N]; None for
            pairs.
        segments: float32 [B, 2, T], weights whose sums over T give the mean of either sentence's
            sub-words, special ones left out; None for single sentences.
        labels: gold label of each word [N] or of each pair [B], int64.
    """

    ids: torch.Tensor
    mask: torch.Tensor
    types: torch.Tensor
    positions: torch.Tensor
    keys: torch.Tensor
    words: torch.Tensor | None
    segments: torch.Tensor | None
    labels: torch.Tensor

    def to(self, device: torch.device) -> Batch:
        """The same batch on another device."""
        return Batch(
            ids=self.ids.to(device),
            mask=self.mask.to(device),
            types=self.types.to(device),
            positions=self.positions.to(device),
            keys=self.keys.to(device),
            words=None if self.words is None else self.words.to(device),
            segments=None if self.segments is None else self.segments.to(device),
            labels=self.labels.to(device),
        )

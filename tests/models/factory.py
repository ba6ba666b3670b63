"""Batches of random sub-words for the tests of encoders and fusion modules."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from reproduce.models.batch import Batch


def make_batch(lengths: Sequence[int], *, width: int | None = None, seed: int = 0) -> Batch:
    """Sequences of the given lengths, padded to `width`; every sub-word is a word."""
    width = width or max(lengths)
    generator = torch.Generator().manual_seed(seed)
    mask = torch.arange(width) < torch.tensor(lengths)[:, None]
    ids = torch.zeros(len(lengths), width, dtype=torch.int64)
    for row, length in enumerate(lengths):
        ids[row, :length] = torch.randint(5, 90, (length,), generator=generator)
    words = mask.flatten().nonzero()[:, 0]
    return Batch(
        ids=ids,
        mask=mask,
        types=torch.zeros_like(ids),
        positions=torch.arange(width).expand_as(ids).contiguous(),
        keys=torch.arange(len(lengths)) + 17,
        words=words,
        segments=None,
        labels=torch.zeros(len(words), dtype=torch.int64),
    )

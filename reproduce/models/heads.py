"""Heads: from fused token representations to label scores."""

from __future__ import annotations

import torch
from torch import nn

from reproduce.errors import UserError
from reproduce.models.batch import Batch

_STD = 0.02  # BERT's own initialisation of linear layers


def _linear(inputs: int, outputs: int) -> nn.Linear:
    layer = nn.Linear(inputs, outputs)
    nn.init.normal_(layer.weight, std=_STD)
    nn.init.zeros_(layer.bias)
    return layer


class WordHead(nn.Module):
    """Scores for every word, read off its first sub-word."""

    def __init__(self, hidden: int, labels: int, dropout: float):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.linear = _linear(hidden, labels)

    def forward(self, tokens: torch.Tensor, batch: Batch) -> torch.Tensor:
        """Map [B, T, E] to [N, labels], one row per word of the batch."""
        assert batch.words is not None
        words = tokens.flatten(0, 1).index_select(0, batch.words)
        scores: torch.Tensor = self.linear(self.dropout(words))
        return scores


class MatchedPairHead(nn.Module):
    """Scores for a pair from [CLS], |u - v| and u * v, u and v being the sentences' means."""

    def __init__(self, hidden: int, labels: int, dropout: float):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.linear = _linear(3 * hidden, labels)

    def forward(self, tokens: torch.Tensor, batch: Batch) -> torch.Tensor:
        """Map [B, T, E] to [B, labels]."""
        assert batch.segments is not None
        u, v = torch.bmm(batch.segments, tokens).unbind(dim=1)  # [B, E] each
        features = torch.cat([tokens[:, 0], (u - v).abs(), u * v], dim=1)
        scores: torch.Tensor = self.linear(self.dropout(features))
        return scores


class ClsPairHead(nn.Module):
    """Scores for a pair from [CLS] alone."""

    def __init__(self, hidden: int, labels: int, dropout: float):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.linear = _linear(hidden, labels)

    def forward(self, tokens: torch.Tensor, batch: Batch) -> torch.Tensor:
        """Map [B, T, E] to [B, labels]."""
        scores: torch.Tensor = self.linear(self.dropout(tokens[:, 0]))
        return scores


PAIR_HEADS: dict[str, type[MatchedPairHead | ClsPairHead]] = {
    "matched": MatchedPairHead,
    "cls": ClsPairHead,
}


def pair_head(name: str) -> type[MatchedPairHead | ClsPairHead]:
    """The pair head of that name.

    Raises:
        UserError: no such head.
    """
    if name not in PAIR_HEADS:
        raise UserError(f"unknown pair head {name!r}", allowed=", ".join(PAIR_HEADS))
    return PAIR_HEADS[name]

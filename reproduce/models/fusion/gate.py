"""AIF's gate: a local and a global branch, each of two 1x1 convolutions, summed under a sigmoid."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from reproduce.errors import UserError


class PointwiseConvolution(nn.Conv1d):
    """A 1x1 convolution over tokens that reads [..., channels] where Conv1d reads channels first.

    Computed as the matrix product that it is, without the two transpositions; a test holds it equal
    to Conv1d's own.
    """

    def __init__(self, inputs: int, outputs: int):
        super().__init__(inputs, outputs, kernel_size=1)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Map [..., inputs] to [..., outputs]."""
        return functional.linear(tokens, self.weight[:, :, 0], self.bias)


class Gate(nn.Module):
    """w = sigmoid(local(z) + global(mean of z over real tokens)), in (0, 1).

    Either branch is convolution E -> E/r, ReLU, convolution E/r -> E. Declared choices, since the
    paper's equation is not known to us: no batch or layer normalisation (attentional feature fusion
    normalises by batch, which would mix padding and sentences here); the convolutions keep
    PyTorch's initialisation, uniform within 1/sqrt(fan-in), as published AFF code does, so that the
    gate starts near 1/2.
    """

    def __init__(self, hidden: int, squeeze: int):
        super().__init__()
        if squeeze < 1 or hidden % squeeze:
            raise UserError(f"squeeze {squeeze} does not divide the hidden size {hidden}")
        self.local_branch = _branch(hidden, hidden // squeeze)
        self.global_branch = _branch(hidden, hidden // squeeze)

    def forward(self, summed: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Map z [B, T, E] and the mask [B, T] to the gate [B, T, E]."""
        local: torch.Tensor = self.local_branch(summed)
        overall: torch.Tensor = self.global_branch(masked_mean(summed, mask))
        return torch.sigmoid(local + overall)


def masked_mean(tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Mean over real tokens, [B, T, E] -> [B, 1, E]; padding has weight 0."""
    weights = mask.to(tokens.dtype)
    weights = weights / weights.sum(dim=1, keepdim=True)
    return torch.bmm(weights.unsqueeze(1), tokens)


def combine(
    last: torch.Tensor, lower: torch.Tensor, gate: torch.Tensor, reading: str
) -> torch.Tensor:
    """The two readings of the paper: w x + (1 - w) y (complementary) or w (x + y) (product)."""
    if reading == "product":
        return gate * (last + lower)
    return torch.lerp(lower, last, gate)


def _branch(hidden: int, inner: int) -> nn.Sequential:
    return nn.Sequential(
        PointwiseConvolution(hidden, inner), nn.ReLU(), PointwiseConvolution(inner, hidden)
    )

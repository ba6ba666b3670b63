"""The encoder's quick path on a CPU: each layer's forward and backward pass written out.

Small encoders spend most of their time between matrix products: on autograd's bookkeeping, copies
and drawing dropout masks. Here a layer is one autograd node over the same parameters. The plain
path is `reproduce.models.encoder.encode`; tests hold states and gradients of both equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
import torch
from torch.nn import functional

from reproduce.models.batch import Batch
from reproduce.models.encoder import States, attention_mask

if TYPE_CHECKING:
    from transformers import BertModel
    from transformers.models.bert.modeling_bert import BertLayer

Tensor = torch.Tensor
_STEPS_OF_PROBABILITY = 2**16


class Shape(NamedTuple):
    """Sizes of one batch in one encoder."""

    batch: int
    tokens: int
    heads: int
    size: int  # of a head


class Masks(NamedTuple):
    """Dropout masks of one layer (0 or 1 / (1 - p)), or None for none."""

    attention: Tensor | None  # [B * heads, T, T]
    attended: Tensor | None  # [B * T, E]
    output: Tensor | None  # [B * T, E]


_NO_MASKS = Masks(None, None, None)


class MaskStream:
    """Dropout masks from a generator of its own, several times quicker than `bernoulli_`.

    Sixteen random bits decide on each unit, so the probability is rounded to 1 / 65,536.
    """

    def __init__(self, probability: float, seed: int):
        self._threshold = round(probability * _STEPS_OF_PROBABILITY)
        self._scale = 1 / (1 - self._threshold / _STEPS_OF_PROBABILITY)
        self._bits = np.random.SFC64(seed)

    def mask(self, *shape: int) -> Tensor | None:
        """The next mask, float32; None where nothing is dropped."""
        if not self._threshold:
            return None
        count = int(np.prod(shape))
        drawn = self._bits.random_raw(-(-count // 4)).view(np.uint16)[:count]
        kept = torch.from_numpy(drawn >= self._threshold)
        return kept.to(torch.float32).mul_(self._scale).view(shape)


def encode_fast(encoder: BertModel, batch: Batch, layer: int | None) -> States:
    """The same as `encode`, but for the stream that dropout draws from (seeded by torch's)."""
    config = encoder.config
    heads = config.num_attention_heads
    shape = Shape(len(batch.ids), batch.ids.shape[1], heads, config.hidden_size // heads)
    stream = _stream(encoder)
    hidden = _embed(encoder, batch, stream)
    blocked = attention_mask(batch.mask, hidden.dtype)
    blocked = blocked.expand(-1, heads, 1, -1).reshape(-1, 1, shape.tokens)
    sizes = (shape.batch, shape.tokens, config.hidden_size)
    lower: Tensor | None = None
    for number, block in enumerate(encoder.encoder.layer, start=1):
        masks = _layer_masks(stream, shape, config.hidden_size)
        hidden = _run_layer(cast("BertLayer", block), hidden, blocked, shape, masks)
        if number == layer:
            lower = hidden.view(sizes)
    last = hidden.view(sizes)
    return States(last, last if lower is None else lower)


def _stream(encoder: BertModel) -> MaskStream | None:
    probability = encoder.embeddings.dropout.p
    if not encoder.training or probability == 0:
        return None
    return MaskStream(probability, int(torch.randint(2**62, (1,))))


def _layer_masks(stream: MaskStream | None, shape: Shape, hidden: int) -> Masks:
    if stream is None:
        return _NO_MASKS
    rows = shape.batch * shape.tokens
    return Masks(
        stream.mask(shape.batch * shape.heads, shape.tokens, shape.tokens),
        stream.mask(rows, hidden),
        stream.mask(rows, hidden),
    )


def _embed(encoder: BertModel, batch: Batch, stream: MaskStream | None) -> Tensor:
    """Embeddings after LayerNorm and dropout, [B * T, E]."""
    parts = encoder.embeddings
    summed = parts.word_embeddings(batch.ids) + parts.token_type_embeddings(batch.types)
    hidden: Tensor = parts.LayerNorm(summed + parts.position_embeddings(batch.positions))
    hidden = hidden.flatten(0, 1)
    mask = None if stream is None else stream.mask(*hidden.shape)
    return hidden if mask is None else hidden * mask


def _run_layer(
    block: BertLayer, hidden: Tensor, blocked: Tensor, shape: Shape, masks: Masks
) -> Tensor:
    attention, attended = block.attention.self, block.attention.output
    projections = (attention.query, attention.key, attention.value)
    parameters = (
        torch.cat([part.weight for part in projections]),
        torch.cat([part.bias for part in projections]),
        attended.dense.weight,
        attended.dense.bias,
        attended.LayerNorm.weight,
        attended.LayerNorm.bias,
        block.intermediate.dense.weight,
        block.intermediate.dense.bias,
        block.output.dense.weight,
        block.output.dense.bias,
        block.output.LayerNorm.weight,
        block.output.LayerNorm.bias,
    )
    settings = (shape, masks, attended.LayerNorm.eps)
    out: Tensor = _Layer.apply(settings, blocked, hidden, *parameters)  # type: ignore[no-untyped-call]
    return out


class _Layer(torch.autograd.Function):
    """One BERT layer: attention, LayerNorm, feed-forward with the exact GELU, LayerNorm."""

    @staticmethod
    def forward(
        ctx: Any, settings: tuple[Shape, Masks, float], blocked: Tensor, x: Tensor, *weights: Tensor
    ) -> Tensor:
        shape, masks, eps = settings
        w_in, b_in, w_att, b_att, g1, c1, w_up, b_up, w_down, b_down, g2, c2 = weights
        width = [x.shape[1]]
        qkv = _split_heads(torch.addmm(b_in, x, w_in.t()), shape)  # [3, B * heads, T, size]
        query, key, value = qkv
        scores = torch.baddbmm(
            blocked, query, key.transpose(1, 2), alpha=shape.size**-0.5
        )  # [B * heads, T, T]
        chances = torch.softmax(scores, dim=-1)
        dropped = chances if masks.attention is None else chances * masks.attention
        seen = _join_heads(torch.bmm(dropped, value), shape)  # [B * T, E]
        first = torch.addmm(b_att, seen, w_att.t())
        _drop_(first, masks.attended).add_(x)
        y, mean1, scale1 = torch.native_layer_norm(first, width, g1, c1, eps)
        inner = torch.addmm(b_up, y, w_up.t())
        active = functional.gelu(inner)
        second = torch.addmm(b_down, active, w_down.t())
        _drop_(second, masks.output).add_(y)
        z, mean2, scale2 = torch.native_layer_norm(second, width, g2, c2, eps)
        ctx.settings = settings
        ctx.save_for_backward(
            x, qkv, chances, dropped, seen, first, mean1, scale1, y, inner, active, second,
            mean2, scale2, w_in, w_att, g1, c1, w_up, w_down, g2, c2,
        )  # fmt: skip
        return z

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> tuple[Tensor | None, ...]:
        shape, masks, _ = ctx.settings
        (
            x, qkv, chances, dropped, seen, first, mean1, scale1, y, inner, active, second,
            mean2, scale2, w_in, w_att, g1, c1, w_up, w_down, g2, c2,
        ) = ctx.saved_tensors  # fmt: skip
        width, every = [x.shape[1]], [True, True, True]
        aten = torch.ops.aten
        d_second, d_g2, d_c2 = aten.native_layer_norm_backward(
            outer[0].contiguous(), second, width, mean2, scale2, g2, c2, every
        )
        d_down = d_second if masks.output is None else d_second * masks.output
        d_inner = aten.gelu_backward(d_down @ w_down, inner)
        d_y = torch.addmm(d_second, d_inner, w_up)
        d_first, d_g1, d_c1 = aten.native_layer_norm_backward(
            d_y, first, width, mean1, scale1, g1, c1, every
        )
        d_att = d_first if masks.attended is None else d_first * masks.attended
        d_seen = _split_heads(d_att @ w_att, shape)[0]
        query, key, value = qkv
        d_chances = _drop_(torch.bmm(d_seen, value.transpose(1, 2)), masks.attention)
        d_scores = aten._softmax_backward_data(d_chances, chances, -1, chances.dtype)
        d_scores.mul_(shape.size**-0.5)
        d_qkv = torch.empty_like(qkv)
        torch.bmm(d_scores, key, out=d_qkv[0])
        torch.bmm(d_scores.transpose(1, 2), query, out=d_qkv[1])
        torch.bmm(dropped.transpose(1, 2), d_seen, out=d_qkv[2])
        d_in = _join_heads(d_qkv, shape)  # [B * T, 3 E]
        return (
            None,
            None,
            torch.addmm(d_first, d_in, w_in),
            d_in.t() @ x,
            d_in.sum(0),
            d_att.t() @ seen,
            d_att.sum(0),
            d_g1,
            d_c1,
            d_inner.t() @ y,
            d_inner.sum(0),
            d_down.t() @ active,
            d_down.sum(0),
            d_g2,
            d_c2,
        )


def _drop_(values: Tensor, mask: Tensor | None) -> Tensor:
    return values if mask is None else values.mul_(mask)


def _split_heads(values: Tensor, shape: Shape) -> Tensor:
    """Map [B * T, n * E] to [n, B * heads, T, size]."""
    batch, tokens, heads, size = shape
    parts = values.view(batch, tokens, -1, heads, size).permute(2, 0, 3, 1, 4)
    return parts.reshape(-1, batch * heads, tokens, size)


def _join_heads(parts: Tensor, shape: Shape) -> Tensor:
    """Map [n, B * heads, T, size] (or one of the n) to [B * T, n * E]."""
    batch, tokens, heads, size = shape
    values = parts.view(-1, batch, heads, tokens, size).permute(1, 3, 0, 2, 4)
    return values.reshape(batch * tokens, -1)

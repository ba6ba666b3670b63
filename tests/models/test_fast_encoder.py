from __future__ import annotations

import copy

import pytest
import torch
from torch.nn import functional

from reproduce.models import fast_encoder
from reproduce.models.checkpoint import load_encoder
from reproduce.models.encoder import encode, set_dropout
from reproduce.models.fast_encoder import MaskStream, encode_fast
from tests.models.factory import make_batch


@pytest.fixture(scope="module")
def encoder(tiny_checkpoint):
    return load_encoder(tiny_checkpoint)[0]


def gradients(encoder, run, batch, layer):
    encoder = copy.deepcopy(encoder)
    states = run(encoder, batch, layer)
    weights = torch.linspace(-1, 1, states.last.numel()).view_as(states.last).to(states.last)
    real = batch.mask.unsqueeze(2)
    ((states.last * weights + (states.lower * weights).sin()) * real).sum().backward()
    return states, {name: p.grad for name, p in encoder.named_parameters()}


@pytest.mark.parametrize("layer", [None, 1, 2])
def test_states_and_all_gradients_are_those_of_the_plain_path(encoder, layer):
    batch = make_batch([5, 3, 7])
    double = copy.deepcopy(encoder).double()
    set_dropout(double, 0.0)
    double.train()
    plain, expected = gradients(double, encode, batch, layer)
    fast, found = gradients(double, encode_fast, batch, layer)
    real = batch.mask
    torch.testing.assert_close(fast.last[real], plain.last[real], rtol=0, atol=1e-12)
    torch.testing.assert_close(fast.lower[real], plain.lower[real], rtol=0, atol=1e-12)
    assert found.keys() == expected.keys()
    for name, gradient in expected.items():
        torch.testing.assert_close(found[name], gradient, rtol=1e-9, atol=1e-11, msg=name)


def test_dropout_drops_where_the_plain_formula_drops(encoder, monkeypatch):
    """The layer's written-out passes against autograd's, with the same masks in both."""
    batch = make_batch([4, 6])
    double = copy.deepcopy(encoder).double()
    set_dropout(double, 0.3)
    double.train()

    def run_layer(block, x, blocked, shape, masks):
        def heads(values):
            parts = values.view(shape.batch, shape.tokens, shape.heads, shape.size)
            return parts.transpose(1, 2).flatten(0, 1)

        inner = block.attention.self
        q, k, v = (heads(part(x)) for part in (inner.query, inner.key, inner.value))
        scores = q @ k.transpose(1, 2) / shape.size**0.5 + blocked
        seen = (scores.softmax(-1) * masks.attention) @ v
        seen = seen.view(shape.batch, shape.heads, shape.tokens, shape.size).transpose(1, 2)
        first = block.attention.output.dense(seen.reshape(x.shape)) * masks.attended
        y = block.attention.output.LayerNorm(first + x)
        up = functional.gelu(block.intermediate.dense(y))
        return block.output.LayerNorm(block.output.dense(up) * masks.output + y)

    torch.manual_seed(1)
    _, found = gradients(double, encode_fast, batch, 1)
    monkeypatch.setattr(fast_encoder, "_run_layer", run_layer)
    torch.manual_seed(1)
    _, expected = gradients(double, encode_fast, batch, 1)
    for name, gradient in expected.items():
        torch.testing.assert_close(found[name], gradient, rtol=1e-9, atol=1e-11, msg=name)


def test_masks_drop_the_share_asked_for_and_keep_the_mean():
    mask = MaskStream(0.1, seed=3).mask(1000, 1000)
    assert (mask == 0).float().mean().item() == pytest.approx(0.1, abs=1.5e-3)
    assert mask.mean().item() == pytest.approx(1, abs=1.5e-3)
    assert len(mask.unique()) == 2


def test_masks_depend_on_the_seed_alone():
    first, again, other = (MaskStream(0.5, seed=s).mask(64, 64) for s in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_successive_masks_differ():
    stream = MaskStream(0.5, seed=1)
    assert not torch.equal(stream.mask(64, 64), stream.mask(64, 64))


def test_nothing_is_dropped_in_evaluation(encoder):
    batch = make_batch([5, 3])
    evaluated = copy.deepcopy(encoder).eval()
    set_dropout(evaluated, 0.5)
    first, second = (encode_fast(evaluated, batch, None).last for _ in range(2))
    assert torch.equal(first, second)

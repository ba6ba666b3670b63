from __future__ import annotations

import pytest
import torch

from reproduce.models.checkpoint import load_encoder
from reproduce.models.encoder import encode, set_dropout
from tests.models.factory import make_batch


@pytest.fixture(scope="module", params=["sdpa", "eager"])
def encoder(tiny_checkpoint, request):
    encoder = load_encoder(tiny_checkpoint)[0]
    encoder.set_attn_implementation(request.param)
    return encoder


@pytest.mark.parametrize("layer", [1, 2, 3])
def test_the_layers_are_those_that_transformers_gives(encoder, layer):
    batch = make_batch([6, 3, 4])
    states = encode(encoder, batch, layer)
    expected = encoder(
        input_ids=batch.ids,
        attention_mask=batch.mask.long(),
        token_type_ids=batch.types,
        position_ids=batch.positions,
        output_hidden_states=True,
    ).hidden_states
    torch.testing.assert_close(states.last[batch.mask], expected[-1][batch.mask])
    torch.testing.assert_close(states.lower[batch.mask], expected[layer][batch.mask])


def test_without_a_lower_layer_the_last_stands_for_it(encoder):
    states = encode(encoder, make_batch([3]), None)
    assert states.lower is states.last


def test_padding_does_not_change_what_is_read_from_real_tokens(encoder):
    narrow, wide = make_batch([5, 3]), make_batch([5, 3], width=11)
    first, second = encode(encoder, narrow, 1), encode(encoder, wide, 1)
    for short, long in zip(first, second, strict=True):
        torch.testing.assert_close(long[wide.mask], short[narrow.mask], rtol=0, atol=1e-6)


def test_dropout_reaches_attention_and_hidden_units(tiny_checkpoint):
    encoder = load_encoder(tiny_checkpoint)[0]
    set_dropout(encoder, 0.25)
    found = {m.p for m in encoder.modules() if isinstance(m, torch.nn.Dropout)}
    assert found == {0.25}
    assert encoder.encoder.layer[0].attention.self.dropout.p == 0.25

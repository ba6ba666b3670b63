from __future__ import annotations

import pytest
import torch
from torch import nn

from reproduce.errors import UserError
from reproduce.models.fusion import FUSIONS, check_fusion, needs_lower, plain
from reproduce.models.fusion.gate import Gate, PointwiseConvolution, masked_mean
from reproduce.nouns.cell import Fusion

KINDS = ("last", "add", "dlfa", "dlfa_self", "dlfa_shuffled", "dlfa_constant")
GATED = ("dlfa", "dlfa_self", "dlfa_shuffled")
HIDDEN = 8


def build(kind: str, **settings):
    torch.manual_seed(0)
    module = FUSIONS.get(kind)(HIDDEN, Fusion(kind=kind, **settings), 0.0)
    return module.double()


def inputs(lengths=(5, 3), width=None, seed=1):
    torch.manual_seed(seed)
    width = width or max(lengths)
    mask = torch.arange(width) < torch.tensor(lengths)[:, None]
    last, lower = torch.randn(2, len(lengths), width, HIDDEN, dtype=torch.float64)
    return last, lower, mask


def padded(values, by=4):
    """The same with padding of large numbers that must not be felt."""
    return torch.cat([values, torch.full_like(values[:, :1], 1e3).expand(-1, by, -1)], dim=1)


def test_all_fusion_modules_are_registered():
    assert tuple(sorted(FUSIONS)) == tuple(sorted(KINDS))


@pytest.mark.parametrize("kind", KINDS)
def test_the_light_table_says_what_the_class_says(kind):
    assert needs_lower(kind) is FUSIONS.get(kind).needs_lower


@pytest.mark.parametrize("kind", KINDS)
def test_the_shape_is_kept(kind):
    last, lower, mask = inputs()
    assert build(kind)(last, lower, mask).shape == last.shape


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reading", ["complementary", "product"])
def test_padding_changes_nothing(kind, reading):
    last, lower, mask = inputs()
    keys = torch.tensor([4, 5])
    module = build(kind, reading=reading)
    wide = nn.functional.pad(mask, (0, 4))
    expected = module(last, lower, mask, keys)[mask]
    found = module(padded(last), padded(lower), wide, keys)[wide]
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_other_sentences_of_the_batch_change_nothing(kind):
    last, lower, mask = inputs()
    module = build(kind)
    keys = torch.tensor([4, 5])
    both = module(last, lower, mask, keys)
    alone = module(last[1:], lower[1:], mask[1:], keys[1:])
    torch.testing.assert_close(alone[mask[1:]], both[1:][mask[1:]], rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if needs_lower(kind)])
@pytest.mark.parametrize("reading", ["complementary", "product"])
def test_gradient_reaches_both_layers(kind, reading):
    last, lower, mask = (value.requires_grad_() if value.is_floating_point() else value
                         for value in inputs())  # fmt: skip
    build(kind, reading=reading)(last, lower, mask)[mask].pow(3).sum().backward()
    assert last.grad[mask].abs().min() > 0
    assert lower.grad[mask].abs().min() > 0


@pytest.mark.parametrize("kind", GATED)
def test_gradient_reaches_every_convolution_of_both_branches(kind):
    last, lower, mask = inputs((5, 3, 4, 2))
    module = build(kind, squeeze=1)  # wide, so that no branch is silent behind its ReLU
    module(last, lower, mask)[mask].pow(3).sum().backward()
    for branch in (module.gate.local_branch, module.gate.global_branch):
        convolutions = [part for part in branch if isinstance(part, nn.Conv1d)]
        assert len(convolutions) == 2
        assert all(part.weight.grad.abs().sum() > 0 for part in convolutions)


def test_the_baseline_is_the_last_layer():
    last, lower, mask = inputs()
    assert build("last")(last, lower, mask) is last


def test_add_is_the_sum_where_nothing_is_dropped():
    last, lower, mask = inputs()
    torch.testing.assert_close(build("add")(last, lower, mask), last + lower)


def test_add_drops_of_the_lower_layer_alone():
    last, lower, mask = inputs()
    module = FUSIONS.get("add")(HIDDEN, Fusion(kind="add", layer=1), 0.5)
    added = module(last, lower, mask) - last
    dropped = added.abs() < 1e-9
    assert dropped.any()
    torch.testing.assert_close(added[~dropped], 2 * lower[~dropped])


def test_complementary_weighs_the_layers_to_one():
    last, lower, mask = inputs()
    module = build("dlfa")
    gate = module.gate(last + lower, mask)
    expected = gate * last + (1 - gate) * lower
    torch.testing.assert_close(module(last, lower, mask), expected)


def test_product_multiplies_the_sum():
    last, lower, mask = inputs()
    module = build("dlfa", reading="product")
    expected = module.gate(last + lower, mask) * (last + lower)
    torch.testing.assert_close(module(last, lower, mask), expected)


def test_dlfa_of_a_layer_with_itself_is_that_layer_which_is_why_dlfa_self_differs():
    last, _, mask = inputs()
    torch.testing.assert_close(build("dlfa")(last, last, mask), last)
    assert (build("dlfa_self")(last, last, mask) - last)[mask].abs().max() > 1e-3


def test_dlfa_self_has_the_parameters_of_dlfa():
    shapes = [{n: p.shape for n, p in build(k).named_parameters()} for k in ("dlfa", "dlfa_self")]
    assert shapes[0] == shapes[1]


def test_dlfa_self_never_sees_the_lower_layer():
    last, lower, mask = inputs()
    module = build("dlfa_self")
    assert torch.equal(module(last, lower, mask), module(last, -lower, mask))


def test_the_gate_of_dlfa_self_learns_and_leaves_the_baseline_after_one_step():
    last, lower, mask = inputs()
    module = build("dlfa_self")
    optimizer = torch.optim.AdamW(module.parameters(), lr=0.01)
    before = module(last, lower, mask)
    before[mask].pow(2).sum().backward()
    optimizer.step()
    assert not torch.allclose(module(last, lower, mask), before)


def test_the_gate_lies_between_zero_and_one_and_starts_near_a_half():
    last, lower, mask = inputs()
    gate = build("dlfa").gate(last + lower, mask)
    assert gate.min() > 0
    assert gate.max() < 1
    assert gate.mean().item() == pytest.approx(0.5, abs=0.1)


def test_the_global_part_is_the_same_for_all_tokens_of_a_sentence():
    gate = Gate(HIDDEN, 4).double()
    for parameter in gate.local_branch.parameters():
        nn.init.zeros_(parameter)
    last, _, mask = inputs()
    values = gate(last, mask)
    torch.testing.assert_close(values, values[:, :1].expand_as(values))
    assert not torch.allclose(values[0], values[1])


@pytest.mark.parametrize("squeeze", [1, 2, 4, 8])
def test_the_bottleneck_has_hidden_over_squeeze_units(squeeze):
    gate = Gate(HIDDEN, squeeze)
    for branch in (gate.local_branch, gate.global_branch):
        assert branch[0].weight.shape == (HIDDEN // squeeze, HIDDEN, 1)
        assert branch[2].weight.shape == (HIDDEN, HIDDEN // squeeze, 1)


def test_a_squeeze_that_does_not_divide_is_refused():
    with pytest.raises(UserError, match="does not divide"):
        Gate(HIDDEN, 3)


def test_the_pointwise_convolution_is_conv1d():
    torch.manual_seed(0)
    convolution = PointwiseConvolution(6, 3)
    tokens = torch.randn(2, 5, 6)
    expected = nn.Conv1d.forward(convolution, tokens.transpose(1, 2)).transpose(1, 2)
    torch.testing.assert_close(convolution(tokens), expected)


def test_the_masked_mean_leaves_padding_out():
    last, _, mask = inputs()
    torch.testing.assert_close(masked_mean(last, mask)[1, 0], last[1, :3].mean(dim=0))


def test_shuffling_keeps_the_multiset_of_tokens_and_leaves_none_in_its_place():
    module = build("dlfa_shuffled")
    _, lower, mask = inputs((9, 2, 6))
    cycle = module.cycle(mask, torch.tensor([1, 2, 3]))
    places = torch.arange(9)
    for row, length in enumerate((9, 2, 6)):
        assert sorted(cycle[row, :length].tolist()) == list(range(length))
        assert (cycle[row, :length] != places[:length]).all()
        assert torch.equal(cycle[row, length:], places[length:])


def test_shuffling_differs_between_sentences_and_seeds_and_is_the_same_again():
    module, other = build("dlfa_shuffled"), build("dlfa_shuffled")
    other.seed += 1
    _, _, mask = inputs((12, 12))
    keys = torch.tensor([1, 2])
    first = module.cycle(mask, keys)
    assert torch.equal(first, module.cycle(mask, keys))
    assert not torch.equal(first[0], first[1])
    assert not torch.equal(first, other.cycle(mask, keys))


def test_shuffling_is_the_same_in_training_and_evaluation():
    module = build("dlfa_shuffled")
    last, lower, mask = inputs()
    keys = torch.tensor([8, 9])
    expected = module.train()(last, lower, mask, keys)
    assert torch.equal(module.eval()(last, lower, mask, keys), expected)


def test_shuffled_cycles_are_near_uniform():
    """Every token is followed by every other about equally often over many sentences."""
    module = build("dlfa_shuffled")
    mask = torch.ones(4000, 5, dtype=torch.bool)
    cycle = module.cycle(mask, torch.arange(4000))
    counts = torch.stack([cycle.eq(place).sum(dim=0) for place in range(5)])
    off_diagonal = counts[~torch.eye(5, dtype=torch.bool)]
    assert (off_diagonal - 1000).abs().max() < 130  # 4.5 standard deviations


def test_the_constant_gate_is_blind_to_its_input():
    module = build("dlfa_constant")
    nn.init.normal_(module.constant)
    last, lower, mask = inputs()
    weights = torch.sigmoid(module.constant)
    expected = weights * last + (1 - weights) * lower
    torch.testing.assert_close(module(last, lower, mask), expected)


def test_the_constant_gate_is_learned():
    module = build("dlfa_constant")
    last, lower, mask = inputs()
    module(last, lower, mask)[mask].pow(3).sum().backward()
    assert module.constant.grad.abs().min() > 0


@pytest.mark.parametrize(
    ("fusion", "message"),
    [
        (Fusion(kind="dlfa"), "cannot fuse layer None"),
        (Fusion(kind="dlfa", layer=4), "cannot fuse layer 4.*\n.*1 to 3"),
        (Fusion(kind="add", layer=0), "cannot fuse layer 0"),
        (Fusion(kind="last", layer=2), "does not use layer"),
        (Fusion(kind="last", squeeze=2), "does not use squeeze"),
        (Fusion(kind="dlfa_self", reading="product"), "does not use reading"),
        (Fusion(kind="dlfa", layer=1, squeeze=3), "squeeze 3 does not divide"),
        (Fusion(kind="dlfa", layer=1, squeeze=0), "squeeze 0 does not divide"),
        (Fusion(kind="dlfaa", layer=1), "unknown fusion 'dlfaa'"),
    ],
)
def test_a_fusion_that_an_encoder_cannot_have_is_refused(fusion, message):
    with pytest.raises(UserError, match=message):
        check_fusion(fusion, layers=4, hidden=HIDDEN)


@pytest.mark.parametrize("kind", KINDS)
def test_a_plain_fusion_is_accepted(kind):
    fusion = plain(Fusion(kind=kind, layer=1, reading="product", squeeze=8))
    check_fusion(fusion, layers=4, hidden=HIDDEN)

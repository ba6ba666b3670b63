"""Every check holds on the shipped modules, and fails on one that breaks just what it is about."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import nn

from reproduce.contracts.bench import DRAWS, Bench
from reproduce.models.fusion.dlfa import Dlfa
from reproduce.nouns.cell import Fusion
from reproduce.nouns.contract import CHECKS

FAILING = {"two_convolutions_in_the_module", "branch_expands_before_it_compresses"}


def check(name: str, bench: Bench):
    return CHECKS.get(name)(bench)


@pytest.mark.parametrize("name", sorted(set(CHECKS) - FAILING))
def test_what_is_built_passes(bench, name):
    found = check(name, bench)
    assert found.holds, found.detail
    assert found.detail


def test_the_module_has_four_convolutions_and_not_two(bench):
    found = check("two_convolutions_in_the_module", bench)
    assert not found.holds
    assert found.detail == "4 convolution layers, 2 and 2 in its branches (all 32 cases)"


def test_a_branch_compresses_first(bench):
    found = check("branch_expands_before_it_compresses", bench)
    assert not found.holds
    assert "16 to 4" in found.detail


class Broken(Bench):
    """A bench whose modules are spoiled before they are checked."""

    def _module(self, fusion, seed):
        module = super()._module(fusion, seed)
        self.spoil(module)
        return module


def broken(bench: Bench, spoil) -> Broken:
    made = Broken(bench.encoder, bench.batch, bench.modules, bench.seed)
    object.__setattr__(made, "spoil", spoil)
    return made


class Blind(nn.Module):
    """Gives zeros, whatever it is given."""

    def forward(self, tokens):
        return torch.zeros_like(tokens)


class Neighbours(nn.Module):
    """Mixes each token with the next one."""

    def forward(self, tokens):
        return tokens + tokens.roll(-1, dims=1)


def tokenwise_global(module):
    gate = module.gate
    gate.forward = lambda z, mask: torch.sigmoid(gate.local_branch(z) + gate.global_branch(z))


def without_local(module):
    module.gate.local_branch = Blind()


def mixing_local(module):
    module.gate.local_branch = nn.Sequential(Neighbours(), *module.gate.local_branch)


def third_branch(module):
    module.gate.third = nn.Linear(2, 2)


def saturated(module):
    module.gate.local_branch = nn.Sequential(module.gate.local_branch, _Times(1e6))


class _Times(nn.Module):
    def __init__(self, by):
        super().__init__()
        self.by = by

    def forward(self, x):
        return x * self.by


def last_only(module):
    module.forward = lambda last, lower, mask, keys=None: last * module.gate(last, mask)


def unmasked(module):
    gate = module.gate
    gate.forward = lambda z, mask: torch.sigmoid(
        gate.local_branch(z) + gate.global_branch(z.mean(dim=1, keepdim=True))
    )


def first_token_only(module):
    gate = module.gate
    gate.forward = lambda z, mask: torch.sigmoid(
        gate.local_branch(z) + gate.global_branch(z[:, :1])
    )


def matrix_product(module):
    forward = Dlfa.forward

    def wrong(last, lower, mask, keys=None):
        return forward(module, last, lower, mask).flip(2)

    module.forward = wrong


def wide(module):
    module.gate.local_branch[0].kernel_size = (3,)


def one_convolution(module):
    module.gate.local_branch = nn.Sequential(module.gate.local_branch[0])


def constant(module):
    for branch in (module.gate.local_branch, module.gate.global_branch):
        for parameter in branch.parameters():
            nn.init.zeros_(parameter)


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("depends_on_both_layers", last_only),
        ("gradient_reaches_both_layers", last_only),
        ("gate_lies_between_0_and_1", saturated),
        ("gate_depends_on_the_input", constant),
        ("gradient_reaches_both_branches", constant),
        ("output_is_an_elementwise_product", matrix_product),
        ("gate_is_the_sum_of_two_branches", third_branch),
        ("local_part_sees_no_other_token", mixing_local),
        ("local_part_sees_its_token", without_local),
        ("global_part_is_equal_over_tokens", tokenwise_global),
        ("global_part_sees_every_token", first_token_only),
        ("global_part_is_blind_to_padding", unmasked),
        ("two_convolutions_per_branch", one_convolution),
        ("convolutions_are_pointwise", wide),
        ("branch_expands_to_the_hidden_size", one_convolution),
        ("branch_compresses_to_a_bottleneck", without_local),
    ],
)
def test_a_module_that_is_not_as_described_fails(bench, name, spoil):
    found = check(name, broken(bench, spoil))
    assert not found.holds
    assert "cases" in found.detail


def test_an_encoder_whose_batch_mixes_sentences_fails(bench, monkeypatch):
    import reproduce.contracts.shapes as module

    true = module.encode

    def mixed(encoder, batch, layer):
        states = true(encoder, batch, layer)
        return states._replace(last=states.last + states.last.mean(dim=0, keepdim=True))

    monkeypatch.setattr(module, "encode", mixed)
    assert not check("first_axis_is_the_batch", bench).holds


def test_a_wrong_lower_layer_fails(bench, monkeypatch):
    import reproduce.contracts.layers as module

    true = module.encode
    monkeypatch.setattr(module, "encode", lambda e, b, layer: true(e, b, 1))
    found = check("reads_the_last_and_one_lower_layer", bench)
    assert not found.holds


def test_a_module_that_changes_the_shape_fails(bench):
    def shorter(module):
        module.forward = lambda last, lower, mask, keys=None: last[..., :-1]

    assert not check("output_keeps_the_shape", broken(bench, shorter)).holds


def test_a_layer_of_another_size_fails(bench, monkeypatch):
    import reproduce.contracts.shapes as module

    true = module.hidden_states

    def cut(bench, batch):
        states = true(bench, batch)
        return (*states[:-1], states[-1][..., :-1])

    monkeypatch.setattr(module, "hidden_states", cut)
    found = check("layers_give_batch_tokens_hidden", bench)
    assert not found.holds
    assert "layer 3: 6 x" in found.detail


def test_both_real_and_random_states_are_checked_in_every_variant(bench):
    titles = [case.title for case in bench.cases()]
    assert len(titles) == 2 * DRAWS * len(bench.modules) == len(set(titles))
    assert sum("random" in title for title in titles) == DRAWS * len(bench.modules)


def test_cases_are_the_same_each_time_and_differ_by_seed(bench):
    one, two, other = (next(iter(b.cases())) for b in (bench, bench, replace(bench, seed=4)))
    assert torch.equal(one.output(), two.output())
    assert not torch.equal(one.output(), other.output())


def test_a_contract_leaves_torchs_randomness_alone(bench):
    torch.manual_seed(0)
    expected = torch.rand(2)
    torch.manual_seed(0)
    list(bench.cases())
    assert torch.equal(torch.rand(2), expected)


def test_modules_of_every_reading_and_squeeze_are_named(bench):
    case = next(iter(bench.cases()))
    assert case.title == "dlfa@2, complementary, r = 4, real states, draw 1"
    assert isinstance(case.fusion, Fusion)

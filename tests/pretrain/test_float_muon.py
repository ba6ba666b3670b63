from __future__ import annotations

import pytest
import torch

from reproduce.pretrain.float_muon import FloatMuon, orthogonal

SHAPES = ((16, 16), (16, 16), (16, 64), (64, 16))


def trained(kind: type[torch.optim.Muon], steps: int) -> list[torch.Tensor]:
    torch.manual_seed(0)
    matrices = [torch.nn.Parameter(torch.randn(shape)) for shape in SHAPES]
    optimizer = kind(matrices, lr=0.02, weight_decay=0.1, momentum=0.95)
    for step in range(steps):
        torch.manual_seed(step)
        for matrix in matrices:
            matrix.grad = torch.randn_like(matrix)
        optimizer.step()
    return [matrix.detach() for matrix in matrices]


def test_it_updates_as_torchs_muon_does_but_for_its_half_precision():
    for expected, found in zip(trained(torch.optim.Muon, 5), trained(FloatMuon, 5), strict=True):
        assert torch.allclose(expected, found, atol=5e-3)


def test_a_matrix_without_a_gradient_stays_as_it_is():
    matrix = torch.nn.Parameter(torch.ones(4, 4))
    FloatMuon([matrix], lr=0.1).step()
    assert torch.equal(matrix, torch.ones(4, 4))


@pytest.mark.parametrize("shape", SHAPES)
def test_singular_values_come_near_one(shape):
    torch.manual_seed(1)
    group = FloatMuon([torch.nn.Parameter(torch.zeros(2, 2))]).param_groups[0]
    values = torch.linalg.svdvals(orthogonal(torch.randn(3, *shape), group))
    assert values.min() > 0.3
    assert values.max() < 1.5

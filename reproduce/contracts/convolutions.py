"""Checks of the layers inside a branch: two 1x1 convolutions with a bottleneck between them."""

from __future__ import annotations

from torch import nn

from reproduce.contracts.bench import Bench, Case, Found, over_cases
from reproduce.models.fusion.dlfa import Dlfa
from reproduce.nouns.record import Check


def two_in_module(bench: Bench) -> Check:
    """There are two convolution layers in the whole module, as the sentence has it."""

    def look(case: Case) -> Found:
        counts = [len(found) for found in _by_branch(case)]
        total = len(_convolutions(case.module))
        split = " and ".join(map(str, counts))
        return Found(total == 2, f"{total} convolution layers, {split} in its branches")

    return over_cases("The module has two convolution layers in all", bench, look)


def two_per_branch(bench: Bench) -> Check:
    """There are two convolution layers in either branch."""

    def look(case: Case) -> Found:
        counts = [len(found) for found in _by_branch(case)]
        return Found(counts == [2, 2], f"{' and '.join(map(str, counts))} convolution layers")

    return over_cases("Either branch has two convolution layers", bench, look)


def pointwise(bench: Bench) -> Check:
    """Every convolution has a kernel of one token."""

    def look(case: Case) -> Found:
        sizes = sorted({c.kernel_size for c in _convolutions(case.module)})
        told = ", ".join("x".join(map(str, size)) for size in sizes)
        return Found(sizes == [(1,)], f"kernels of length {told}")

    return over_cases("Every convolution is pointwise, over one token at a time", bench, look)


def compresses(bench: Bench) -> Check:
    """A convolution of either branch maps E to E/r."""
    return _maps("Either branch compresses the dimension from E to E/r", bench, expanding=False)


def expands(bench: Bench) -> Check:
    """A convolution of either branch maps E/r to E."""
    return _maps("Either branch expands the dimension from E/r to E", bench, expanding=True)


def expands_first(bench: Bench) -> Check:
    """The first convolution of either branch has more outputs than inputs."""

    def look(case: Case) -> Found:
        firsts = [found[0] for found in _by_branch(case)]
        holds = all(c.out_channels > c.in_channels for c in firsts)
        return Found(holds, f"the first convolution maps {_sizes(firsts[0])}")

    return over_cases("Either branch expands the dimension before it compresses it", bench, look)


def _maps(name: str, bench: Bench, *, expanding: bool) -> Check:
    def look(case: Case) -> Found:
        hidden = case.last.shape[2]
        sizes = (hidden, hidden // case.fusion.squeeze)
        wanted = sizes[::-1] if expanding else sizes
        found = [[(c.in_channels, c.out_channels) for c in b] for b in _by_branch(case)]
        return Found(
            all(wanted in branch for branch in found),
            f"r = {case.fusion.squeeze}: {' to '.join(map(str, wanted))}",
        )

    return over_cases(name, bench, look)


def _convolutions(module: nn.Module) -> list[nn.Conv1d]:
    return [part for part in module.modules() if isinstance(part, nn.Conv1d)]


def _by_branch(case: Case) -> list[list[nn.Conv1d]]:
    assert isinstance(case.module, Dlfa)
    gate = case.module.gate
    return [_convolutions(branch) for branch in (gate.local_branch, gate.global_branch)]


def _sizes(convolution: nn.Conv1d) -> str:
    return f"{convolution.in_channels} to {convolution.out_channels}"

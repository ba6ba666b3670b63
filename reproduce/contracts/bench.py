"""The bench: an encoder, sentences, and fusion modules with states to feed them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import torch

from reproduce.models.batch import Batch
from reproduce.models.encoder import encode
from reproduce.models.fusion import FUSIONS
from reproduce.models.fusion.dlfa import Dlfa
from reproduce.models.fusion.module import FusionModule
from reproduce.nouns.cell import Fusion
from reproduce.nouns.record import Check
from reproduce.training.seeds import derive

if TYPE_CHECKING:
    from transformers import BertModel

# Of float64 computations that should agree but for the order of their sums.
TOLERANCE = 1e-10
# Initial values of each module. Half of its rectified units are off at first, all of them in some
# draw of a narrow bottleneck: then nothing passes a branch, whatever its structure.
DRAWS = 4
# Of float32 encoders over twelve layers, in a batch and alone.
ENCODER_TOLERANCE = 1e-4


class Case(NamedTuple):
    """A fusion module in float64 with states of two layers.

    Attributes:
        title: which module over which states.
        fusion: the module's specification.
        module: with its initial values.
        last: [B, T, E].
        lower: [B, T, E].
        mask: bool [B, T], False at padding.
    """

    title: str
    fusion: Fusion
    module: FusionModule
    last: torch.Tensor
    lower: torch.Tensor
    mask: torch.Tensor

    def output(self) -> torch.Tensor:
        """What the module makes of the states, [B, T, E]."""
        fused: torch.Tensor = self.module(self.last, self.lower, self.mask)
        return fused

    def weights(self) -> torch.Tensor:
        """The module's gate w, [B, T, E]."""
        assert isinstance(self.module, Dlfa)
        gate: torch.Tensor = self.module.gate(self.last + self.lower, self.mask)
        return gate


@dataclass(frozen=True, eq=False)
class Bench:
    """What checks are made on.

    Attributes:
        encoder: the setting's own.
        batch: sentences of different lengths, so that some are padded.
        modules: the variants to check.
        seed: of initial values and random states.
    """

    encoder: BertModel
    batch: Batch
    modules: tuple[Fusion, ...]
    seed: int

    def cases(self) -> Iterator[Case]:
        """Every module, drawn anew, over the encoder's hidden states and over random ones."""
        for fusion in self.modules:
            with torch.no_grad():
                states = encode(self.encoder, self.batch, fusion.layer)
            real = (states.last.double(), states.lower.double())
            for draw in range(DRAWS):
                module = self._module(fusion, derive(self.seed, f"module/{draw}"))
                random = self._random(derive(self.seed, f"states/{draw}"))
                for name, (last, lower) in (("real", real), ("random", random)):
                    title = f"{_title(fusion)}, {name} states, draw {draw + 1}"
                    yield Case(title, fusion, module, last, lower, self.batch.mask)

    def _random(self, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
        generator = torch.Generator().manual_seed(seed)
        shape = (2, *self.batch.ids.shape, self.encoder.config.hidden_size)
        last, lower = torch.randn(shape, generator=generator, dtype=torch.float64)
        return last, lower

    def _module(self, fusion: Fusion, seed: int) -> FusionModule:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            module = FUSIONS.get(fusion.kind)(self.encoder.config.hidden_size, fusion, 0.0)
        return module.double().eval()


def _title(fusion: Fusion) -> str:
    return f"{fusion.kind}@{fusion.layer}, {fusion.reading}, r = {fusion.squeeze}"


class Found(NamedTuple):
    """What one case showed: whether the statement holds, and what was measured."""

    holds: bool
    measured: str


def over_cases(
    name: str, bench: Bench, look: Callable[[Case], Found], *, summary: str = ""
) -> Check:
    """A check that must hold in all cases; tells what was measured where it fails, else in all."""
    cases = list(bench.cases())
    with torch.no_grad():
        found = [look(case) for case in cases]
    failing = [(c.title, f.measured) for c, f in zip(cases, found, strict=True) if not f.holds]
    everything = "; ".join(dict.fromkeys(f.measured for f in found))
    if not failing:
        return Check(name=name, holds=True, detail=f"{summary or everything} ({len(cases)} cases)")
    if len(failing) == len(cases) and len({told for _, told in failing}) == 1:
        return Check(name=name, holds=False, detail=f"{everything} (all {len(cases)} cases)")
    title, told = failing[0]
    detail = f"{len(failing)} of {len(cases)} cases fail, the first: {title}: {told}"
    return Check(name=name, holds=False, detail=detail)


def in_some_case(name: str, bench: Bench, look: Callable[[Case], Found], *, summary: str) -> Check:
    """A check of what is possible: every module must show it in some draw."""
    seen: dict[str, list[Found]] = {}
    with torch.no_grad():
        for case in bench.cases():
            seen.setdefault(_title(case.fusion), []).append(look(case))
    for title, found in seen.items():
        if not any(f.holds for f in found):
            detail = f"{title} in none of {len(found)} cases, the first: {found[0].measured}"
            return Check(name=name, holds=False, detail=detail)
    count = sum(f.holds for found in seen.values() for f in found)
    total = sum(map(len, seen.values()))
    return Check(name=name, holds=True, detail=f"{summary} (in {count} of {total} cases)")

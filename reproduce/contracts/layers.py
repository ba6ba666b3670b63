"""Checks of what a fusion module reads: the last layer and one lower layer."""

from __future__ import annotations

import torch

from reproduce.contracts.bench import ENCODER_TOLERANCE, Bench, Case, Found, in_some_case
from reproduce.contracts.shapes import hidden_states
from reproduce.models.encoder import encode
from reproduce.models.fast_encoder import encode_fast
from reproduce.nouns.record import Check


def own_layers(bench: Bench) -> Check:
    """What is fused is the output of the last layer and of layer k, for every k."""
    reported = hidden_states(bench, bench.batch)
    mask = bench.batch.mask.unsqueeze(2)
    worst = 0.0
    for layer in range(1, len(reported) - 1):
        for path in (encode, encode_fast):
            with torch.no_grad():
                states = path(bench.encoder, bench.batch, layer)
            for mine, its in ((states.last, reported[-1]), (states.lower, reported[layer])):
                worst = max(worst, float(((mine - its) * mask).abs().max()))
    return Check(
        name="What is fused is the output of the last layer and of the lower layer asked for",
        holds=worst < ENCODER_TOLERANCE,
        detail=f"largest difference {worst:.3g} from what the library reports, over "
        f"{len(reported) - 2} lower layers and both ways of running the encoder",
    )


def both_layers(bench: Bench) -> Check:
    """The output changes with either layer."""

    def look(case: Case) -> Found:
        before = case.output()
        others = (
            case._replace(last=1.5 * case.last + 0.1),
            case._replace(lower=1.5 * case.lower + 0.1),
        )
        changes = [float((other.output() - before).abs().max()) for other in others]
        return Found(min(changes) > 0, f"it changes by up to {changes[0]:.3g}, {changes[1]:.3g}")

    name = "The output depends on both layers"
    return in_some_case(name, bench, look, summary="changing either layer changes the output")


def gradient(bench: Bench) -> Check:
    """The gradient of the output reaches both layers."""

    @torch.enable_grad()
    def look(case: Case) -> Found:
        last, lower = (x.clone().requires_grad_() for x in (case.last, case.lower))
        real = case.mask.unsqueeze(2)
        output = case._replace(last=last, lower=lower).output()
        (output.square() * real).sum().backward()  # type: ignore[no-untyped-call]
        norms = [float((x.grad * real).norm()) for x in (last, lower) if x.grad is not None]
        told = " and ".join(f"{norm:.3g}" for norm in norms)
        return Found(len(norms) == 2 and min(norms) > 0, f"norms {told or 'none'}")

    name = "The gradient reaches both layers"
    return in_some_case(name, bench, look, summary="its norm is above 0 in either layer")

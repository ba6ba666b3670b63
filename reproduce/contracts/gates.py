"""Checks of the gate and of what is done with it."""

from __future__ import annotations

import torch

from reproduce.contracts.bench import TOLERANCE, Bench, Case, Found, in_some_case, over_cases
from reproduce.models.fusion.dlfa import Dlfa
from reproduce.nouns.record import Check


def between(bench: Bench) -> Check:
    """The gate lies strictly between 0 and 1, and so do the weights of both layers."""
    lowest: list[float] = []
    highest: list[float] = []

    def look(case: Case) -> Found:
        gate = case.weights()[case.mask]
        lowest.append(float(gate.min()))
        highest.append(float(gate.max()))
        low, high = lowest[-1], highest[-1]
        return Found(low > 0 and high < 1, f"from {low:.3f} to {high:.3f}")

    found = over_cases("The gate lies strictly between 0 and 1", bench, look)
    if not found.holds:
        return found
    told = f"from {min(lowest):.3f} to {max(highest):.3f} ({len(lowest)} cases)"
    return found.model_copy(update={"detail": told})


def depends_on_input(bench: Bench) -> Check:
    """The gate is computed from the input: it differs between tokens."""

    def look(case: Case) -> Found:
        gate = case.weights()[case.mask]
        sd = float(gate.std(dim=0).mean())
        return Found(sd > TOLERANCE, f"sd over tokens {sd:.3g}")

    name = "The gate is computed from the input: it differs between tokens"
    return in_some_case(name, bench, look, summary="its sd over tokens is above 0")


def gradient(bench: Bench) -> Check:
    """The gradient of the output reaches the parameters of both branches."""

    @torch.enable_grad()
    def look(case: Case) -> Found:
        assert isinstance(case.module, Dlfa)
        case.module.zero_grad(set_to_none=True)
        real = case.mask.unsqueeze(2)
        (case.output().square() * real).sum().backward()  # type: ignore[no-untyped-call]
        still = [
            name
            for name, parameter in case.module.gate.named_parameters()
            if parameter.grad is None or not bool(parameter.grad.any())
        ]
        return Found(not still, f"none in {', '.join(still)}" if still else "")

    name = "The gradient reaches every parameter of both branches"
    return in_some_case(name, bench, look, summary="none of the parameters is without")


def product(bench: Bench) -> Check:
    """Each number of the output is that number's weight times the same number of the layers."""
    worst: list[float] = []

    def look(case: Case) -> Found:
        w, x, y = case.weights(), case.last, case.lower
        by_hand = w * (x + y) if case.fusion.reading == "product" else w * x + (1 - w) * y
        difference = (case.output() - by_hand)[case.mask].abs().max()
        worst.append(float(difference))
        return Found(bool(difference < TOLERANCE), f"differs by {float(difference):.3g}")

    found = over_cases(
        "The output is the element-wise product with the gate: w x + (1 - w) y, or w (x + y)",
        bench,
        look,
    )
    if not found.holds:
        return found
    told = f"largest difference {max(worst):.3g} from the formula ({len(worst)} cases)"
    return found.model_copy(update={"detail": told})


def branches(case: Case) -> tuple[torch.Tensor, torch.Tensor]:
    """The local part [B, T, E] and the global part, as the module itself computes them.

    Caught inside the module, so that what is checked is what is used.
    """
    assert isinstance(case.module, Dlfa)
    caught: dict[str, torch.Tensor] = {}
    hooks = [
        branch.register_forward_hook(lambda _, __, made, name=name: caught.update({name: made}))
        for name, branch in (
            ("local", case.module.gate.local_branch),
            ("global", case.module.gate.global_branch),
        )
    ]
    try:
        case.weights()
    finally:
        for hook in hooks:
            hook.remove()
    return caught["local"], caught["global"]

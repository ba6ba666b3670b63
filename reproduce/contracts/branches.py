"""Checks of the two branches: one sees a token, the other the sentence."""

from __future__ import annotations

import torch

from reproduce.contracts.bench import TOLERANCE, Bench, Case, Found, in_some_case, over_cases
from reproduce.contracts.gates import branches
from reproduce.models.fusion.dlfa import Dlfa
from reproduce.nouns.record import Check


def two_branches(bench: Bench) -> Check:
    """The gate is the sigmoid of a local plus a global part, and there is no third."""

    def look(case: Case) -> Found:
        assert isinstance(case.module, Dlfa)
        local, overall = branches(case)
        difference = float((case.weights() - torch.sigmoid(local + overall)).abs().max())
        parts = [name for name, _ in case.module.gate.named_children()]
        holds = len(parts) == 2 and difference < TOLERANCE
        return Found(holds, f"{' and '.join(parts)}; differs by {difference:.3g}")

    name = "The gate is the sigmoid of the sum of two branches, local and global"
    summary = "two branches, and nothing else in the gate"
    return over_cases(name, bench, look, summary=summary)


def local_part(bench: Bench) -> Check:
    """The local part of a token does not change with the other tokens."""

    def look(case: Case) -> Found:
        before, _ = branches(case)
        after, _ = branches(_with_first_token_changed(case))
        rest = float((after - before)[:, 1:].abs().max())
        return Found(rest == 0, f"the others change by up to {rest:.3g}")

    name = "The local part of a token depends on no other token"
    summary = "changing one token leaves the local part of all others as it was, to the bit"
    return over_cases(name, bench, look, summary=summary)


def own_token(bench: Bench) -> Check:
    """The local part of a token changes with that token."""

    def look(case: Case) -> Found:
        before, _ = branches(case)
        after, _ = branches(_with_first_token_changed(case))
        own = float((after - before)[:, 0].abs().max())
        return Found(own > 0, f"it changes by {own:.3g}")

    name = "The local part of a token depends on that token"
    return in_some_case(name, bench, look, summary="changing a token changes its local part")


def equal_over_tokens(bench: Bench) -> Check:
    """The global part is the same for all tokens of a sentence."""

    def look(case: Case) -> Found:
        local, overall = branches(case)
        rows = overall.expand_as(local)
        spread = float((rows - rows[:, :1]).abs().max())
        return Found(spread == 0, f"differs by {spread:.3g} between tokens")

    name = "The global part is equal for all tokens of a sentence"
    summary = "no difference between tokens, to the bit"
    return over_cases(name, bench, look, summary=summary)


def sees_every_token(bench: Bench) -> Check:
    """Changing any one real token changes the global part."""

    @torch.enable_grad()
    def look(case: Case) -> Found:
        last = case.last.clone().requires_grad_()
        _, overall = branches(case._replace(last=last))
        overall.square().sum().backward()  # type: ignore[no-untyped-call]
        assert last.grad is not None
        reached = last.grad.abs().sum(dim=2) > 0
        # Where all rectified units are off, no token is seen: that is no matter of structure.
        whole = (reached | ~case.mask).all(dim=1)
        alive = reached.any(dim=1)
        return Found(
            bool(alive.any()) and bool(whole[alive].all()),
            f"in {int((alive & ~whole).sum())} of {len(whole)} sentences some tokens have no part",
        )

    name = "The global part depends on every token of the sentence"
    return in_some_case(name, bench, look, summary="each token has a part in it")


def blind_to_padding(bench: Bench) -> Check:
    """Whatever stands at padding, the gate of real tokens is the same."""

    def look(case: Case) -> Found:
        padding = ~case.mask.unsqueeze(2)
        noisy = case._replace(
            last=torch.where(padding, 1e3, case.last), lower=torch.where(padding, -7e2, case.lower)
        )
        difference = float((noisy.weights() - case.weights())[case.mask].abs().max())
        return Found(
            difference == 0 and bool(padding.any()),
            f"the gate changes by {difference:.3g}; {int((~case.mask).sum())} places of padding",
        )

    return over_cases("The global part is blind to padding", bench, look)


def _with_first_token_changed(case: Case) -> Case:
    last = case.last.clone()
    last[:, 0] += 1.0
    return case._replace(last=last)

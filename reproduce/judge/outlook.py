"""Prospects: whether a design can support its claim, and whether it can refute it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from reproduce.nouns.claim import Claim


@dataclass(frozen=True)
class Prospects:
    """What a design can conclude before it is run.

    Attributes:
        can_be_supported: at the stated standard deviation and after adjustment.
        can_be_refuted: likewise.
        mde: true effect beyond the margin, in points, that is found with 80 % power; None if none.
        seeds_needed: units that would make possible what is not; None if nothing is missing, or
            if no feasible number would do (the text says which).
        text: one or two sentences.
    """

    can_be_supported: bool
    can_be_refuted: bool
    mde: float | None
    seeds_needed: int | None
    text: str


@dataclass(frozen=True)
class Size:
    """How large a design is.

    Attributes:
        tasks: number of tasks.
        layers: number of layers compared.
        n: number of units.
        sd: standard deviation of a paired difference over units, in points.
        alpha: level left after all adjustments.
        own: whether `sd` is that of the very quantity that is judged, as a pilot measures it.
    """

    tasks: int
    layers: int
    n: int
    sd: float
    alpha: float
    own: bool = False


def prospects(
    claim: Claim,
    *,
    tasks: int,
    layers: int,
    n: int,
    sd: float,
    alpha_adjusted: float,
    own: bool = False,
) -> Prospects:
    """What this claim's design can conclude; see `Size` for the arguments.

    `alpha_adjusted` is alpha over the number of looks and the size of the family: Holm's first
    step, which is what a claim judged alone must pass.
    """
    tested = type(claim.expect).needs_records and type(claim.expect).quantity != "checks"
    if n < 2 and tested:
        text = "Nothing can be concluded from fewer than two units."
        return Prospects(False, False, None, 2, text)
    size = Size(tasks=tasks, layers=layers, n=n, sd=sd, alpha=alpha_adjusted, own=own)
    module = import_module(type(claim.expect).__module__)
    result = module.prospects(claim, size)
    assert isinstance(result, Prospects)
    return result

"""Fit: whether what a claim expects can be measured by its experiment, over its unit."""

from __future__ import annotations

from typing import NamedTuple

from reproduce.judge.quantity import SEEDED
from reproduce.nouns.claim import Claim


class Misfit(NamedTuple):
    """A key of a claim that does not fit the others."""

    key: str
    found: str
    allowed: str


def misfits(claim: Claim) -> tuple[Misfit, ...]:
    """Everything in a claim that its experiment cannot provide; empty if it fits."""
    experiment = type(claim.experiment)
    quantities: tuple[str, ...] = getattr(experiment, "quantities", ())
    units: tuple[str, ...] = getattr(experiment, "units", ())
    wanted: str = getattr(type(claim.expect), "quantity", "")
    found = []
    if wanted and wanted not in quantities:
        found.append(
            Misfit(
                "expect.kind",
                f"{claim.expect.kind} judges {wanted}, which {claim.experiment.kind} "
                "does not measure",
                ", ".join(quantities) or "no quantity",
            )
        )
    if claim.inference == "new-sentences" and claim.unit not in (*SEEDED, "sentence"):
        found.append(
            Misfit(
                "inference",
                f"new-sentences crosses sentences with seeds, not with {claim.unit!r}",
                "this-test-set",
            )
        )
    if claim.unit not in units:
        found.append(
            Misfit(
                "unit",
                f"{claim.experiment.kind} does not vary over {claim.unit!r}",
                ", ".join(units) or "no unit",
            )
        )
    return tuple(found)

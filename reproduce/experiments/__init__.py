"""Experiments: which cells a claim needs; one module per kind.

A module holds the frozen specification (named in `reproduce.nouns.experiment.EXPERIMENTS`) and the
pure functions that turn it into a design (named here).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from reproduce.nouns.claim import Claim
from reproduce.nouns.design import Design
from reproduce.nouns.experiment import Experiment
from reproduce.nouns.scene import Scene
from reproduce.registry import Registry


class Designer(NamedTuple):
    """What every kind of experiment can do.

    Attributes:
        design: all trials of a claim up to the units of one look.
        quick: the experiment cut down for a first impression (few layers, two units).
        tasks: the tasks that need data.
    """

    design: Callable[[Claim, Scene, int], Design]
    quick: Callable[[Experiment, Scene], Experiment]
    tasks: Callable[[Experiment], tuple[str, ...]]


DESIGNERS: Registry[Designer] = Registry(
    "designer",
    {
        "fusion_sweep": "reproduce.experiments.fusion_sweep:DESIGNER",
    },
)

__all__ = ["DESIGNERS", "Designer", "design", "quickened", "tasks_of"]


def design(claim: Claim, scene: Scene, look: int = 0) -> Design:
    """All trials of a claim, up to the units of its look number `look` (from 0)."""
    return DESIGNERS.get(claim.experiment.kind).design(claim, scene, look)


def quickened(claim: Claim, scene: Scene) -> Claim:
    """The claim with its experiment cut down; its verdict is a first impression, no evidence."""
    small = DESIGNERS.get(claim.experiment.kind).quick(claim.experiment, scene)
    return claim.model_copy(update={"experiment": small})


def tasks_of(claim: Claim) -> tuple[str, ...]:
    """The tasks that the claim's experiment needs data for."""
    return DESIGNERS.get(claim.experiment.kind).tasks(claim.experiment)

"""A design: the trials that one claim needs, and how they are to be compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from reproduce.nouns.base import Noun, digest
from reproduce.nouns.cell import AnyCell, Fusion

OWN = "own:"
"""Labels of arms that train on the target itself: `own:100` has 100 of its sentences."""


class Arm(Noun):
    """What is compared: one task trained in one way, over several seeds.

    `label` tells apart arms that differ in nothing else, such as the baseline's own second set of
    seeds in a control.
    """

    task: str
    fusion: Fusion
    role: Literal["baseline", "treatment", "control"]
    label: str = ""


class Trial(Noun):
    """One cell as one unit of one arm; `unit` pairs trials of different arms."""

    arm: Arm
    unit: int
    cell: AnyCell


class Design(Noun):
    """All trials of a claim in a setting.

    Attributes:
        claim: id of the claim.
        trials: every (arm, unit) with its cell; claims share cells.
        source_language: the language trained on.
        targets: the languages averaged over, without the source.
        looks: numbers of units at which the claim may be judged; the error is split over them.
        look: the look that this design reaches, from 0.
        unavailable: tasks of the claim that the setting cannot provide, with the reason.
        targets_of: the targets of single tasks, where they are not all of them.
        families: language -> family, where the claim is about families.
        distances: `pair_name` of two languages -> typological distance from 0 to 1, likewise.
    """

    claim: str
    trials: tuple[Trial, ...]
    source_language: str
    targets: tuple[str, ...]
    looks: tuple[int, ...]
    look: int = 0
    unavailable: dict[str, str] = {}
    targets_of: dict[str, tuple[str, ...]] = {}
    families: dict[str, str] = {}
    distances: dict[str, float] = {}


def arm_id(arm: Arm) -> str:
    """Short stable name of an arm, for tables and files."""
    return digest(arm.model_dump(mode="json"))[:12]


def arm_title(arm: Arm) -> str:
    """`pos dlfa@4`: task, fusion and layer, as shown to people."""
    return f"{arm.task} {fusion_title([arm])}"


def fusion_title(arms: Sequence[Arm]) -> str:
    """`dlfa@4`, or `dlfa@2/6` of arms that differ in their layer alone; with their label."""
    layers = sorted({arm.fusion.layer for arm in arms if arm.fusion.layer is not None})
    at = f"@{'/'.join(map(str, layers))}" if layers else ""
    label = f" ({arms[0].label})" if arms[0].label else ""
    return f"{arms[0].fusion.kind}{at}{label}"

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
from reproduce.nouns.scene import Needs, Scene
from reproduce.nouns.setting import Setting
from reproduce.registry import Registry


class Designer(NamedTuple):
    """What every kind of experiment can do.

    Attributes:
        design: all trials of a claim up to the units of one look.
        quick: the experiment cut down for a first impression (few layers, two units).
        needs: what must be found on this machine.
    """

    design: Callable[[Claim, Scene, int], Design]
    quick: Callable[[Experiment, Scene], Experiment]
    needs: Callable[[Experiment, Setting], Needs]


DESIGNERS: Registry[Designer] = Registry(
    "designer",
    {
        "fusion_sweep": "reproduce.experiments.fusion_sweep:DESIGNER",
        "layer_probe": "reproduce.experiments.layer_probe:DESIGNER",
        "family_similarity": "reproduce.experiments.family_similarity:DESIGNER",
        "source_selection": "reproduce.experiments.source_selection:DESIGNER",
        "module_contract": "reproduce.experiments.module_contract:DESIGNER",
        "gate_dynamics": "reproduce.experiments.gate_dynamics:DESIGNER",
        "structure_ablation": "reproduce.experiments.structure_ablation:DESIGNER",
        "shuffled_labels": "reproduce.experiments.shuffled_labels:DESIGNER",
        "code_switch": "reproduce.experiments.code_switch:DESIGNER",
    },
)

__all__ = ["DESIGNERS", "Designer", "design", "needs_of", "quickened"]


def design(claim: Claim, scene: Scene, look: int = 0) -> Design:
    """All trials of a claim, up to the units of its look number `look` (from 0).

    None for a claim that no record could decide: not testable as printed, or in need of stronger
    evidence than the setting's.
    """
    whole = DESIGNERS.get(claim.experiment.kind).design(claim, scene, look)
    testable = type(claim.expect).needs_records
    if testable and claim.min_evidence <= scene.setting.evidence:
        return whole
    return whole.model_copy(update={"trials": ()})


def quickened(claim: Claim, scene: Scene) -> Claim:
    """The claim with its experiment cut down; its verdict is a first impression, no evidence."""
    small = DESIGNERS.get(claim.experiment.kind).quick(claim.experiment, scene)
    return claim.model_copy(update={"experiment": small})


def needs_of(claim: Claim, setting: Setting) -> Needs:
    """What the claim's experiment must find on this machine."""
    return DESIGNERS.get(claim.experiment.kind).needs(claim.experiment, setting)

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from reproduce.judge.chance import nothing_learned
from reproduce.judge.gain import gains
from reproduce.judge.judging import judge_claims
from reproduce.judge.margin import Margin
from reproduce.judge.observations import observe
from reproduce.judge.simulation import Shape, simulated_design, simulated_records
from reproduce.nouns.cell import Fusion
from reproduce.nouns.design import Arm
from reproduce.nouns.record import Record
from tests.judge.support import make_claim, make_setting

UNITS = 6


def judged(levels, *, chance, labels="gold", arms=None):
    """The verdict on a baseline and a treatment that score about so much."""
    design = simulated_design(Shape(tasks=("pos",), layers=(None,), units=UNITS, targets=("bb",)))
    if arms:
        design = design.model_copy(update={"trials": tuple(relabelled(design.trials, arms))})
    noise = np.random.default_rng(0).normal(0, 0.5, (2, UNITS))
    records = simulated_records(design, {"pos": np.asarray(levels)[:, None] + noise})
    found = {key: measuring(record, chance, labels) for key, record in records.items()}
    [verdict] = judge_claims(
        [(make_claim(Margin()), design)], found, setting=make_setting(), family_sizes={}
    )
    return verdict


def relabelled(trials, labels):
    """The trials with arms of the last layer alone, told apart by a label for each role."""
    for trial in trials:
        arm = Arm(task="pos", fusion=Fusion(), role=trial.arm.role, label=labels[trial.arm.role])
        yield trial.model_copy(update={"arm": arm})


def said(*args, **changes):
    """What the verdict says of chance."""
    return judged(*args, **changes).reason.partition("None of these arms")[2]


def measuring(record: Record, chance: float | None, labels: str) -> Record:
    """The record of a cell with such labels, with a measure of chance."""
    measures = {} if chance is None else {"chance/bb/test": (chance, 100.0)}
    cell = record.content.cell.model_copy(update={"labels": labels})
    content = record.content.model_copy(update={"cell": cell, "measures": measures})
    return replace(record, content=content)


def test_that_no_arm_is_above_chance_is_told_with_all_scores():
    text = said([55.0, 55.0], chance=55.0)
    assert text.startswith(" is shown to have learned pos, so what they differ by says little: ")
    assert text.endswith("the training data, answered everywhere, scores 55.0%.")
    assert re.search(r"add 5[45]\.\d%, last 5[45]\.\d%;", text)


def test_more_units_of_arms_at_chance_are_not_advised():
    undecided = judged([55.0, 55.0], chance=55.0)
    assert undecided.why_undecided == "no arm is above chance"
    assert undecided.settle.text.startswith("More units of models that have learned nothing")
    assert judged([55.0, 55.0], chance=40.0).why_undecided != "no arm is above chance"


def test_arms_below_chance_are_told_too():
    assert "add 50" in said([40.0, 50.0], chance=55.0)


def test_one_arm_above_chance_is_enough_for_a_comparison():
    assert said([58.0, 60.0], chance=55.0) == ""
    assert said([55.0, 60.0], chance=55.0) == ""


def test_arms_that_differ_in_their_label_alone_are_both_named():
    arms = {"baseline": "source", "treatment": "real"}
    text = said([55.0, 55.0], chance=55.0, arms=arms)
    assert "last (real) 5" in text and "last (source) 5" in text


def test_records_without_a_measure_of_chance_say_nothing_of_it():
    assert said([55.0, 55.0], chance=None) == ""


def test_arms_that_were_taught_nothing_are_passed_over():
    assert said([55.0, 55.0], chance=55.0, labels="shuffled") == ""


@pytest.mark.parametrize("seed", range(3))
def test_arms_at_chance_pass_for_above_it_in_few_claims(seed):
    """Each of two arms does so in 5 % of claims, so that in 90 % neither does."""
    rng = np.random.default_rng(seed)
    design = simulated_design(Shape(tasks=("pos",), layers=(None,), units=UNITS, targets=("bb",)))
    told, runs = 0, 200
    for _ in range(runs):
        records = simulated_records(design, {"pos": rng.normal(55.0, 2.0, (2, UNITS))})
        found = {key: measuring(record, 55.0, "gold") for key, record in records.items()}
        observed = observe(design, found, {})
        told += any(nothing_learned(observed, gains(make_claim(Margin()), observed)))
    assert 0.84 <= told / runs <= 0.96

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reproduce.judge.chance import chance_notes
from reproduce.judge.gain import gains
from reproduce.judge.judging import judge_claims
from reproduce.judge.margin import Margin
from reproduce.judge.observations import observe
from reproduce.judge.simulation import Shape, simulated_design, simulated_records
from reproduce.nouns.record import Record
from tests.judge.support import make_claim, make_setting

UNITS = 6


def notes(levels, *, chance, labels="gold"):
    """Notes on chance for a baseline and a treatment that score about so much."""
    design = simulated_design(Shape(tasks=("pos",), layers=(None,), units=UNITS, targets=("bb",)))
    noise = np.random.default_rng(0).normal(0, 0.5, (2, UNITS))
    records = simulated_records(design, {"pos": np.asarray(levels)[:, None] + noise})
    found = {key: measuring(record, chance, labels) for key, record in records.items()}
    [verdict] = judge_claims(
        [(make_claim(Margin()), design)], found, setting=make_setting(), family_sizes={}
    )
    return [note for note in verdict.notes if "not shown to have learned" in note]


def measuring(record: Record, chance: float | None, labels: str) -> Record:
    """The record of a cell with such labels, with a measure of chance."""
    measures = {} if chance is None else {"chance/bb/test": (chance, 100.0)}
    cell = record.content.cell.model_copy(update={"labels": labels})
    content = record.content.model_copy(update={"cell": cell, "measures": measures})
    return replace(record, content=content)


def test_arms_at_chance_are_told_with_both_scores():
    found = sorted(notes([55.0, 55.0], chance=55.0))
    assert [note.split(" is not")[0] for note in found] == ["pos add", "pos last"]
    assert all("in bb, where" in note and note.endswith("scores 55.0%") for note in found)


def test_arms_below_chance_are_told_too():
    assert len(notes([40.0, 50.0], chance=55.0)) == 2


def test_an_arm_above_chance_is_not_mentioned():
    assert notes([58.0, 60.0], chance=55.0) == []
    [note] = notes([55.0, 60.0], chance=55.0)
    assert "pos last" in note


def test_records_without_a_measure_of_chance_say_nothing_of_it():
    assert notes([55.0, 55.0], chance=None) == []


def test_arms_that_were_taught_nothing_are_passed_over():
    assert notes([55.0, 55.0], chance=55.0, labels="shuffled") == []


@pytest.mark.parametrize("seed", range(3))
def test_an_arm_at_chance_is_told_in_about_95_of_100_claims(seed):
    """The test has its level: at chance, arms pass for above it in about 5 % of claims."""
    rng = np.random.default_rng(seed)
    design = simulated_design(Shape(tasks=("pos",), layers=(None,), units=UNITS, targets=("bb",)))
    passed, runs = 0, 100
    for _ in range(runs):
        records = simulated_records(design, {"pos": rng.normal(55.0, 2.0, (2, UNITS))})
        found = {key: measuring(record, 55.0, "gold") for key, record in records.items()}
        observed = observe(design, found, {})
        quantities = gains(make_claim(Margin()), observed)
        passed += 2 - len(chance_notes(observed, quantities))
    assert 0.01 * 2 * runs <= passed <= 0.1 * 2 * runs

from __future__ import annotations

import numpy as np
import pytest

from reproduce.judge import pilots, prospects
from reproduce.judge.best_layer_differs import BestLayerDiffers
from reproduce.judge.contract import Contract
from reproduce.judge.interaction import Interaction, Side
from reproduce.judge.layer_trend import LayerTrend
from reproduce.judge.margin import Margin
from reproduce.judge.observations import Slice
from reproduce.judge.simulation import (
    SOURCE,
    Shape,
    segment_record,
    simulated_design,
    simulated_records,
)
from reproduce.nouns.cell import cell_id
from tests.judge.support import make_claim

GAINS = np.array([1.0, 2.5, 0.5, 1.5, 2.0, -0.5, 1.0, 3.0])


def found(gains, expect=None, **changes):
    """Pilots of a claim with the given gains, one row a task."""
    rows = np.atleast_2d(gains)
    tasks = ("pos", "ner", "xnli")[: len(rows)]
    design = simulated_design(Shape(tasks=tasks, layers=(None,), units=rows.shape[1]))
    scores = {
        t: np.stack([np.full_like(row, 50.0), 50 + row]) for t, row in zip(tasks, rows, strict=True)
    }
    records = simulated_records(design, scores)
    return pilots(make_claim(expect or Margin(), **changes), design, records)


def test_a_pilot_has_the_sd_of_the_paired_differences():
    [pilot] = found(GAINS)
    assert (pilot.task, pilot.units, pilot.floor) == ("pos", 8, 0.0)
    assert pilot.sd(8) == pytest.approx(GAINS.std(ddof=1), rel=1e-6)
    assert pilot.sd(100) == pilot.sd(8)


def test_each_task_has_its_own_pilot():
    sds = {p.task: p.sd(8) for p in found([GAINS, 3 * GAINS])}
    assert sds["ner"] == pytest.approx(3 * sds["pos"], rel=1e-6)


def test_the_mean_of_a_pilot_is_never_read_off():
    assert found(GAINS)[0].sd(8) == pytest.approx(found(GAINS + 7)[0].sd(8), rel=1e-6)


@pytest.mark.parametrize("gains", [GAINS[:4], np.ones(8)])
def test_few_units_or_no_variance_are_no_pilot(gains):
    assert found(gains) == ()


def test_units_that_are_not_whole_do_not_count():
    design = simulated_design(Shape(layers=(None,), units=8))
    scores = {"pos": np.stack([np.full(8, 50.0), 50 + GAINS])}
    records = simulated_records(design, scores)
    for trial in design.trials:
        if trial.unit >= 6 and trial.arm.role == "baseline":
            del records[cell_id(trial.cell)]
    [pilot] = pilots(make_claim(Margin()), design, records)
    assert pilot.units == 6
    assert pilot.sd(6) == pytest.approx(GAINS[:6].std(ddof=1), rel=1e-6)


def test_no_records_and_nothing_to_test_are_no_pilot():
    design = simulated_design(Shape(layers=(None,), units=8))
    assert pilots(make_claim(Margin()), design, {}) == ()
    assert found(GAINS, Contract()) == ()


def test_an_interaction_has_the_sd_of_its_own_difference_of_differences():
    sides = Interaction(larger=Side(tasks=("pos",)), smaller=Side(tasks=("ner",)))
    other = GAINS[::-1]
    [pilot] = found([GAINS, other], sides)
    assert pilot.sd(8) == pytest.approx((GAINS - other).std(ddof=1), rel=1e-6)


def test_leads_between_layers_have_one_pilot_for_all_tasks():
    rng = np.random.default_rng(0)
    shape = Shape(tasks=("pos", "ner"), layers=(1, 2, 3), units=200)
    design = simulated_design(shape)
    scores = {t: 50 + rng.normal(0, 1, (4, 200)) for t in shape.tasks}
    records = simulated_records(design, scores)
    [pilot] = pilots(make_claim(BestLayerDiffers(tie_tolerance="1")), design, records)
    assert pilot.task == ""
    assert pilot.sd(200) == pytest.approx(2**0.5, rel=0.1)


def test_a_trend_measured_by_a_pilot_is_not_scaled_again():
    size = {"tasks": 1, "layers": 7, "n": 8, "sd": 1.0, "alpha_adjusted": 0.05}
    trend = make_claim(LayerTrend(direction="rising"))
    stated, measured = prospects(trend, **size), prospects(trend, **size, own=True)
    assert stated.mde < measured.mde
    assert measured.mde == pytest.approx(prospects(make_claim(Margin()), **size).mde)


def test_what_the_test_sentences_leave_uncertain_does_not_shrink_with_seeds():
    rng = np.random.default_rng(1)
    design = simulated_design(Shape(layers=(None,), units=8))
    luck = rng.normal(0, 20, 80)  # of each sentence, the same in all seeds
    records = {}
    for trial in design.trials:
        gain = luck * (trial.arm.role == "treatment") + rng.normal(0, 5, 80)
        right = np.clip(500 + 10 * gain, 0, 1000).round()
        rows = np.stack([right, np.full(80, 1000)], axis=1)
        pieces = {Slice("last", SOURCE, "dev"): rows, Slice("last", "bb", "test"): rows}
        records[cell_id(trial.cell)] = segment_record(trial.cell, pieces)
    claim = make_claim(Margin(), inference="new-sentences")
    [pilot] = pilots(claim, design, records)
    assert pilot.floor > 0
    assert pilot.sd(32) / 32**0.5 > 0.9 * pilot.sd(8) / 8**0.5

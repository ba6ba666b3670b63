import numpy as np
import pytest

from reproduce.judge.best_layer_differs import BestLayerDiffers
from reproduce.nouns.evidence import Outcome
from tests.judge.support import judge_scores, rates

EXPECT = BestLayerDiffers(tie_tolerance="1.0")
RISING = np.array([70, 70, 71, 72, 73, 74, 75, 76.0])


def noisy(means, units=8, sd=0.3, seed=0):
    rng = np.random.default_rng(seed)
    return np.asarray(means)[:, None] + rng.normal(0, sd, (len(means), units))


def test_opposite_curves_differ_in_their_best_layer():
    verdict = judge_scores(EXPECT, {"pos": noisy(RISING), "ner": noisy(RISING[::-1], seed=1)})
    assert verdict.outcome is Outcome.SUPPORTED
    assert verdict.frequencies["pos"]["7"] == pytest.approx(1.0)
    assert verdict.frequencies["ner"]["1"] == pytest.approx(1.0)
    assert verdict.estimates[0].expected_low == 1.0
    assert "best layers measured: pos 7, ner 1" in verdict.reason


def test_one_layer_that_serves_all_tasks_refutes():
    verdict = judge_scores(EXPECT, {"pos": noisy(RISING), "ner": noisy(RISING, seed=1)})
    assert verdict.outcome is Outcome.REFUTED
    assert "layer 7 is within 1 point of the best layer in every task" in verdict.reason


def test_noise_alone_is_undecided_and_says_what_it_would_take():
    means = np.full(8, 70.0)
    scores = {"pos": noisy(means, sd=2.0), "ner": noisy(means, sd=2.0, seed=1)}
    verdict = judge_scores(EXPECT, scores)
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert verdict.why_undecided
    assert verdict.settle is not None


def test_a_tolerance_below_the_attainable_width_can_not_be_refuted():
    means = np.full(8, 70.0)
    tight = BestLayerDiffers(tie_tolerance="0.05")
    # No lead at all between the layers on average: every lead is smaller than the tolerance.
    noise = noisy(np.zeros(8), sd=1.0)
    scores = means[:, None] + noise - noise.mean(axis=1, keepdims=True)
    verdict = judge_scores(tight, {"pos": scores, "ner": scores[:, ::-1]})
    assert verdict.why_undecided == "cannot be refuted at this tolerance"
    assert verdict.settle.extra_seeds > 100


def test_one_task_has_nothing_to_differ_from():
    verdict = judge_scores(
        EXPECT, {"pos": noisy(RISING)}, design_changes={"unavailable": {"ner": "no entities"}}
    )
    assert verdict.outcome is Outcome.NOT_APPLICABLE
    assert "no entities" in verdict.reason


def test_a_missing_task_forbids_refutation_but_not_support():
    missing = {"unavailable": {"xnli": "no pairs"}}
    same = {"pos": noisy(RISING), "ner": noisy(RISING, seed=1)}
    apart = {"pos": noisy(RISING), "ner": noisy(RISING[::-1], seed=1)}
    assert judge_scores(EXPECT, same, design_changes=missing).outcome is Outcome.INCONCLUSIVE
    assert judge_scores(EXPECT, apart, design_changes=missing).outcome is Outcome.SUPPORTED


@pytest.mark.parametrize("units", [1, 4])
def test_without_variance_nothing_is_decided(units):
    scores = np.tile(RISING[:, None], (1, units))
    verdict = judge_scores(EXPECT, {"pos": scores, "ner": scores[::-1]})
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert verdict.settle is not None


def test_equal_layers_in_every_task_are_not_said_to_differ():
    def draw(rng):
        return {t: 50 + rng.normal(0, 1, (8, 8)) for t in ("xnli", "pawsx", "ner", "pos")}

    found = rates(
        BestLayerDiffers(tie_tolerance="0.01"),
        draw,
        runs=60,
        tasks=("xnli", "pawsx", "ner", "pos"),
        layers=tuple(range(1, 8)),
        units=8,
    )
    assert found["supported"] <= 0.05

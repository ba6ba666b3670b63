import numpy as np
import pytest

from reproduce.judge.best_layer_is import BestLayerIs
from reproduce.judge.layer_contrast import LayerContrast, resolve
from reproduce.judge.layer_trend import LayerTrend
from reproduce.nouns.evidence import Outcome
from tests.judge.support import judge_scores, rates

RISING = np.array([70, 70, 71, 72, 73, 74, 75, 76.0])  # baseline, then layers 1 to 7


def noisy(means, units=8, sd=0.3, seed=0):
    rng = np.random.default_rng(seed)
    return np.asarray(means)[:, None] + rng.normal(0, sd, (len(means), units))


def outcome(expect, means, **changes):
    return judge_scores(expect, {"pos": noisy(means)}, **changes).outcome


def test_the_best_layer_is_the_named_one_or_another():
    assert outcome(BestLayerIs(layer=7, tie_tolerance="0.5"), RISING) is Outcome.SUPPORTED
    assert outcome(BestLayerIs(layer=3, tie_tolerance="0.5"), RISING) is Outcome.REFUTED
    flat = np.full(8, 70.0)
    assert outcome(BestLayerIs(layer=3, tie_tolerance="0.1"), flat) is Outcome.INCONCLUSIVE


def test_a_best_layer_that_was_not_measured_is_not_applicable():
    verdict = judge_scores(BestLayerIs(layer=11, tie_tolerance="0.5"), {"pos": noisy(RISING)})
    assert verdict.outcome is Outcome.NOT_APPLICABLE
    assert "layer 11 was not measured" in verdict.reason


def test_the_best_layer_in_one_task_only_is_refuted():
    scores = {"pos": noisy(RISING), "ner": noisy(RISING[::-1], seed=1)}
    verdict = judge_scores(BestLayerIs(layer=7, tie_tolerance="0.5"), scores)
    assert verdict.outcome is Outcome.REFUTED
    assert "in ner layer 1 leads layer 7" in verdict.reason


@pytest.mark.parametrize("measure", ["slope", "rho"])
def test_a_trend_has_a_direction(measure):
    curve = np.array([70, 70, 71, 70.8, 71.5, 71.3, 72, 72.1])
    rising = LayerTrend(direction="rising", measure=measure)
    falling = LayerTrend(direction="falling", measure=measure)
    assert outcome(rising, curve) is Outcome.SUPPORTED
    assert outcome(falling, curve) is Outcome.REFUTED


def test_a_trend_is_reported_in_points_per_layer():
    verdict = judge_scores(LayerTrend(direction="rising"), {"pos": noisy(RISING)})
    assert verdict.estimates[0].scale == "points per layer"
    assert verdict.estimates[0].value == pytest.approx(1.0, abs=0.1)


def test_a_random_walk_over_layers_is_no_trend():
    def draw(rng):
        return {"pos": 50 + rng.normal(0, 0.5, (8, 5)).cumsum(axis=0)}

    found = rates(
        LayerTrend(direction="rising"), draw, runs=300, layers=tuple(range(1, 8)), units=5
    )
    assert found["supported"] <= 0.09


def test_a_contrast_of_named_layers_finds_a_peak():
    peak = np.array([70, 70, 71, 74, 76, 74, 71, 70.0])
    inner = LayerContrast(higher="middle", lower="last", margin="1")
    assert outcome(inner, peak) is Outcome.SUPPORTED
    assert outcome(LayerContrast(higher=(4,), lower="first", margin="1"), peak) is Outcome.SUPPORTED
    assert outcome(LayerContrast(higher="upper", lower="lower"), RISING[::-1]) is Outcome.REFUTED


def test_parts_of_a_model_mean_the_same_at_any_depth():
    assert resolve("lower", tuple(range(1, 13))) == (1, 2, 3, 4)
    assert resolve("upper", tuple(range(1, 8))) == (6, 7)
    assert resolve("middle", (1, 2)) == (2,)
    assert resolve("first", (3, 4)) == (3,)

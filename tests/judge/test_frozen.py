"""Measures of a frozen encoder: no seeds, layers compared over sentences or languages."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from reproduce.judge import judge_claims
from reproduce.judge.best_layer_is import BestLayerIs
from reproduce.judge.layer_contrast import LayerContrast
from reproduce.judge.layer_trend import LayerTrend
from reproduce.judge.margin import Margin
from reproduce.judge.observations import Slice
from reproduce.judge.simulation import SOURCE, Shape, segment_record, simulated_design
from reproduce.nouns.cell import cell_id
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.expectation import Expectation
from reproduce.nouns.verdict import Verdict
from tests.judge.support import make_claim, make_setting

TARGETS = ("bb", "cc", "dd", "ee")
WHOLE = 10_000


def judged(
    scores: np.ndarray, expect: Expectation, *, metric: str = "share", **changes: object
) -> Verdict:
    """The verdict over one frozen encoder's scores in percent, [layers, targets, sentences]."""
    layers, targets, sentences = scores.shape
    shape = Shape(layers=tuple(range(1, layers + 1)), units=1, targets=TARGETS[:targets])
    design = simulated_design(shape)
    records = {}
    for trial in design.trials:
        layer = trial.arm.fusion.layer
        part = np.round(scores[layer - 1 if layer else 0] * WHOLE / 100)
        rows = {
            Slice("last", code, split): np.stack([row, np.full(sentences, WHOLE)], axis=1)
            for split in ("dev", "test")
            for code, row in zip((SOURCE, *TARGETS), [part[0], *part], strict=False)
        }
        records[cell_id(trial.cell)] = segment_record(trial.cell, rows, metric=metric)
    claim = make_claim(expect, **{"unit": "sentence", **changes})
    [verdict] = judge_claims([(claim, design)], records, setting=make_setting(), family_sizes={})
    return verdict


def curve(*means: float, sentences: int = 60, targets: int = 1, seed: int = 0) -> np.ndarray:
    """Scores by layer that share what is hard about each sentence."""
    rng = np.random.default_rng(seed)
    hard = rng.normal(0, 5, (1, targets, sentences))
    noise = rng.normal(0, 2, (len(means), targets, sentences))
    return np.clip(np.array(means)[:, None, None] + hard + noise, 0, 100)


@pytest.mark.parametrize("metric", ["share", "accuracy"])
def test_a_trend_over_layers_is_judged_over_the_sentences(metric):
    scores = curve(40, 45, 50, 55)
    verdict = judged(scores, LayerTrend(direction="rising"), metric=metric)
    assert verdict.outcome is Outcome.SUPPORTED
    assert (verdict.units, verdict.unit) == (60, "sentence")
    slopes = np.polyfit(np.arange(4), np.round(scores[:, 0], 2), 1)[0]
    expected = stats.ttest_1samp(slopes, 0, alternative="greater")
    assert verdict.support.raw == pytest.approx(expected.pvalue, rel=1e-6)
    assert verdict.estimates[0].value == pytest.approx(slopes.mean(), abs=1e-8)


def test_a_falling_curve_refutes_a_rise_over_sentences():
    verdict = judged(curve(55, 50, 45, 40), LayerTrend(direction="rising"))
    assert verdict.outcome is Outcome.REFUTED


@pytest.mark.parametrize("measure", ["slope", "rho"])
def test_a_flat_curve_is_no_trend_over_sentences(measure):
    expect = LayerTrend(direction="rising", measure=measure, margin="0.2")
    assert judged(curve(50, 50, 50, 50), expect).outcome is not Outcome.SUPPORTED


def test_a_peak_in_the_middle_is_a_contrast_over_sentences():
    scores = curve(40, 55, 56, 55, 42, 41)
    verdict = judged(scores, LayerContrast(higher="middle", lower="last", margin="5"))
    assert verdict.outcome is Outcome.SUPPORTED
    middle, last = np.round(scores[2:4, 0], 2).mean(axis=0), np.round(scores[5, 0], 2)
    expected = stats.ttest_rel(middle - 5, last, alternative="greater")
    assert verdict.support.raw == pytest.approx(expected.pvalue, rel=1e-6)


def test_the_best_layer_is_found_over_sentences():
    scores = curve(40, 55, 45)
    assert judged(scores, BestLayerIs(layer=2, tie_tolerance="1")).outcome is Outcome.SUPPORTED
    assert judged(scores, BestLayerIs(layer=3, tie_tolerance="1")).outcome is Outcome.REFUTED


def test_parallel_sentences_of_several_languages_count_once():
    many = np.repeat(curve(40, 45, 50), 4, axis=1)
    assert judged(many, LayerTrend(direction="rising")).units == 60


def test_layers_are_compared_over_languages_without_seeds():
    scores = curve(40, 45, 50, targets=4)
    verdict = judged(scores, LayerContrast(higher="last", lower="first"), unit="language")
    assert verdict.outcome is Outcome.SUPPORTED
    assert verdict.units == 4
    leads = np.round(scores[2] - scores[0], 6).mean(axis=1)
    expected = stats.ttest_1samp(leads, 0, alternative="greater")
    assert verdict.support.raw == pytest.approx(expected.pvalue, rel=1e-2)


def test_pairs_of_languages_cannot_carry_a_curve_of_single_languages():
    verdict = judged(curve(40, 50, targets=4), LayerTrend(direction="rising"), unit="language-pair")
    assert verdict.outcome is Outcome.ERROR
    assert "pairs of languages" in verdict.reason


def test_one_language_or_one_sentence_decides_nothing():
    trend = LayerTrend(direction="rising")
    for verdict in (
        judged(curve(40, 50, sentences=1), trend),
        judged(curve(40, 50, targets=1), trend, unit="language"),
    ):
        assert verdict.outcome is Outcome.INCONCLUSIVE


def test_identical_sentences_decide_nothing():
    flat = np.repeat(np.array([40.0, 50.0])[:, None, None], 30, axis=2)
    verdict = judged(flat, LayerTrend(direction="rising"))
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert verdict.why_undecided == "no variance over units"


def test_seeds_of_a_frozen_encoder_have_no_variance_to_judge_by():
    verdict = judged(curve(40, 50), LayerTrend(direction="rising"), unit="seed")
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert "one seed" in verdict.reason


@pytest.mark.parametrize("score", [0.0, 100.0])
def test_a_layer_at_the_end_of_the_scale_has_a_wilson_interval(score):
    scores = curve(50, 60, sentences=60)
    scores[1] = score
    verdict = judged(scores, LayerContrast(higher="last", lower="first"), metric="accuracy")
    [note] = [n for n in verdict.notes if "Wilson" in n]
    assert f"scores {score:.0f}% in bb in every unit" in note
    assert verdict.outcome is (Outcome.SUPPORTED if score else Outcome.REFUTED)


def test_a_share_at_the_end_of_the_scale_is_no_count_of_answers():
    scores = curve(50, 60)
    scores[1] = 100
    verdict = judged(scores, LayerContrast(higher="last", lower="first"))
    assert not [n for n in verdict.notes if "Wilson" in n]


def test_a_gain_of_shares_is_the_difference_of_the_shares():
    scores = curve(40, 50)
    verdict = judged(scores[[0, 1]], Margin())
    assert verdict.estimates[0].value == pytest.approx((scores[1] - scores[0]).mean(), abs=0.01)

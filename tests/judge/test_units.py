import numpy as np
import pytest

from reproduce.judge import judge_claims
from reproduce.judge.best_layer_differs import BestLayerDiffers
from reproduce.judge.margin import Margin
from reproduce.judge.observations import Slice, observe
from reproduce.judge.quantity import by_meaning, fixed
from reproduce.judge.simulation import (
    Shape,
    segment_record,
    sentence_records,
    simulated_design,
    simulated_records,
)
from reproduce.nouns.cell import cell_id
from reproduce.nouns.design import Trial
from reproduce.nouns.evidence import Outcome
from reproduce.store import Store
from reproduce.store.records import load, put
from tests.judge.support import judge_scores, make_claim, make_setting


def judged(design, records, expect=None, **changes):
    claim = make_claim(expect or Margin(), **changes)
    [verdict] = judge_claims([(claim, design)], records, setting=make_setting(), family_sizes={})
    return verdict


def sentence_design(units=5, targets=("bb",), gain=1.0, sentence_sd=0.0, seed=0):
    rng = np.random.default_rng(seed)
    design = simulated_design(Shape(layers=(None,), units=units, targets=targets))
    base = rng.uniform(40, 60, (1, 1, 80)) + rng.normal(0, 1, (1, units, 80))
    effect = gain + rng.normal(0, sentence_sd, (1, 1, 80)) + rng.normal(0, 1, (1, units, 80))
    effect = effect + rng.normal(0, 0.2, (1, units, 1))
    return design, sentence_records(design, {"pos": np.concatenate([base, base + effect])})


def test_new_sentences_widen_the_interval_where_sentences_differ():
    design, records = sentence_design(sentence_sd=8.0)
    here = judged(design, records)
    anywhere = judged(design, records, inference="new-sentences")
    assert anywhere.estimates[0].value == pytest.approx(here.estimates[0].value, abs=1e-9)
    width = [e.high - e.low for e in (here.estimates[0], anywhere.estimates[0])]
    assert width[1] > 2 * width[0]
    assert "crossed with sentences" in anywhere.signature


def test_parallel_sentences_of_many_languages_are_no_more_evidence_than_of_one():
    one = judged(*sentence_design(sentence_sd=8.0), inference="new-sentences")
    many = judged(
        *sentence_design(sentence_sd=8.0, targets=("bb", "cc", "dd")), inference="new-sentences"
    )
    assert many.estimates[0].high == pytest.approx(one.estimates[0].high, abs=1e-3)


def test_a_frozen_encoder_is_judged_over_sentences():
    design, records = sentence_design(units=1, sentence_sd=2.0)
    verdict = judged(design, records, unit="sentence")
    assert verdict.outcome is Outcome.SUPPORTED
    assert verdict.units == 80
    over_seeds = judged(design, records)
    assert over_seeds.outcome is Outcome.INCONCLUSIVE


def test_a_claim_about_languages_is_judged_over_languages():
    rng = np.random.default_rng(0)
    scores = np.full((2, 3, 5), 50.0)
    scores[1] += np.array([1.0, 1.2, 0.8, 1.5, 0.9]) + rng.normal(0, 0.01, (3, 5))
    verdict = judge_scores(Margin(), {"pos": scores}, unit="language")
    assert verdict.outcome is Outcome.SUPPORTED
    assert verdict.units == 5
    assert "5 languages" in verdict.reason


def test_span_f1_is_linearised_per_sentence():
    rng = np.random.default_rng(0)
    design = simulated_design(Shape(layers=(None,), units=3))
    records = {}
    for trial in design.trials:
        gold = np.tile([3, 2, 4, 1, 5], 8)
        predicted = gold + rng.integers(0, 2, 40)
        matched = np.minimum(gold, rng.integers(0, 4, 40))
        rows = np.stack([matched, predicted, gold], axis=1)
        pieces = {Slice("last", "aa", "dev"): rows[:2], Slice("last", "bb", "test"): rows}
        records[cell_id(trial.cell)] = segment_record(trial.cell, pieces, metric="span_f1")
    seen = observe(design, records, {})
    task = seen.tasks["pos"]
    term = fixed(1.0, task, 1, ("bb",))
    matrix = by_meaning(seen, [term])
    scores = task.scores(("bb",), "test", "last")[1]
    assert matrix.mean(axis=1) == pytest.approx(scores)
    verdict = judged(design, records, inference="new-sentences")
    assert verdict.outcome in (Outcome.INCONCLUSIVE, Outcome.SUPPORTED, Outcome.REFUTED)
    assert verdict.estimates[0].low is not None


def test_best_layers_can_be_compared_over_new_sentences():
    rng = np.random.default_rng(0)
    design = simulated_design(Shape(tasks=("pos", "ner"), layers=(1, 2, 3), units=4))
    scores = {}
    for task, best in (("pos", 1), ("ner", 3)):
        values = 50 + rng.normal(0, 0.5, (4, 4, 30))
        values[best] += 10
        scores[task] = values
    verdict = judged(
        design,
        sentence_records(design, scores),
        BestLayerDiffers(tie_tolerance="1"),
        inference="new-sentences",
    )
    assert verdict.outcome is Outcome.SUPPORTED


def test_records_read_from_a_store_are_pooled_as_well(tmp_path):
    store = Store(tmp_path)
    design, records = sentence_design(units=6)
    for record in records.values():
        put(store, record)
    halved = tuple(t.model_copy(update={"unit": t.unit // 2}) for t in design.trials)
    pooled = design.model_copy(update={"trials": halved, "looks": (3,)})
    stored = {i: load(store, i) for i in records}
    assert judged(pooled, stored, unit="pretraining") == judged(pooled, records, unit="pretraining")


def test_several_cells_of_one_unit_are_pooled_not_counted():
    rng = np.random.default_rng(0)
    design = simulated_design(Shape(layers=(None,), units=6))
    records = simulated_records(
        design, {"pos": np.array([[50.0], [51.0]]) + rng.normal(0, 0.1, (2, 6))}
    )
    halved = tuple(Trial(arm=t.arm, unit=t.unit // 2, cell=t.cell) for t in design.trials)
    pooled = design.model_copy(update={"trials": halved, "looks": (3,)})
    verdict = judged(pooled, records, unit="pretraining")
    assert verdict.units == 3
    assert "3 pretrainings" in verdict.reason
    assert verdict.estimates[0].value == pytest.approx(
        judged(design, records).estimates[0].value, abs=1e-9
    )


def test_a_unit_that_lacks_one_of_its_cells_is_left_out():
    design = simulated_design(Shape(layers=(None,), units=6))
    rng = np.random.default_rng(0)
    records = simulated_records(
        design, {"pos": np.array([[50.0], [51.0]]) + rng.normal(0, 0.1, (2, 6))}
    )
    halved = tuple(Trial(arm=t.arm, unit=t.unit // 2, cell=t.cell) for t in design.trials)
    pooled = design.model_copy(update={"trials": halved, "looks": (3,)})
    del records[cell_id(design.trials[0].cell)]
    seen = observe(pooled, records, {})
    assert seen.tasks["pos"].units == (1, 2)


def test_pairs_of_languages_are_judged_by_their_members():
    rng = np.random.default_rng(0)
    pairs = ("aa--bb", "aa--cc", "bb--cc", "aa--dd", "bb--dd", "cc--dd")
    scores = np.full((2, 1, 6), 50.0)
    scores[1] += 2.0 + rng.normal(0, 0.3, (1, 6))
    shape = Shape(layers=(None,), units=1, targets=pairs)
    verdict = judge_scores(Margin(), {"pos": scores}, shape=shape, unit="language-pair")
    assert verdict.outcome is Outcome.SUPPORTED
    assert "jackknife over languages" in verdict.signature
    no_pairs = Shape(layers=(None,), units=1, targets=("bb", "cc", "dd", "ee", "ff", "gg"))
    verdict = judge_scores(Margin(), {"pos": scores}, shape=no_pairs, unit="language-pair")
    assert verdict.outcome is Outcome.ERROR


def test_languages_that_share_their_seeds_are_not_independent():
    rng = np.random.default_rng(0)
    scores = np.full((2, 4, 9), 50.0)
    scores[1] += np.array([3.0, -1.0, 2.0, 0.5])[:, None] + rng.normal(0, 0.1, (4, 9))
    verdict = judge_scores(Margin(), {"pos": scores}, unit="language")
    assert verdict.outcome is Outcome.INCONCLUSIVE


def test_where_the_test_sentences_are_the_limit_more_seeds_are_not_advised():
    design, records = sentence_design(gain=0.3, sentence_sd=9.0)
    verdict = judged(design, records, inference="new-sentences")
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert "More units alone would not decide it" in verdict.settle.text
    assert verdict.settle.extra_seeds is None


def test_one_sentence_says_nothing_about_new_ones():
    rng = np.random.default_rng(0)
    scores = {"pos": 50 + rng.normal(0, 1, (2, 4))}
    verdict = judge_scores(Margin(), scores, inference="new-sentences")
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert "one test sentence" in verdict.reason


def test_new_sentences_are_not_crossed_with_languages():
    scores = {"pos": np.random.default_rng(0).normal(50, 1, (2, 4, 3))}
    verdict = judge_scores(Margin(), scores, unit="language", inference="new-sentences")
    assert verdict.outcome is Outcome.ERROR

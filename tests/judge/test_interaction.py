import numpy as np
import pytest

from reproduce.judge.interaction import Interaction, Side, describe
from reproduce.nouns.evidence import Outcome
from tests.judge.support import judge_scores


def task(gain, units=6, seed=0, shared=0.0):
    rng = np.random.default_rng(seed)
    return np.array([[50.0], [50.0 + gain]]) + rng.normal(0, 0.3, (2, units)) + shared


def test_the_gain_is_larger_on_one_task_than_on_another():
    scores = {"pos": task(3.0), "ner": task(1.0, seed=1)}
    sides = {"larger": Side(tasks=("pos",)), "smaller": Side(tasks=("ner",))}
    assert judge_scores(Interaction(**sides), scores).outcome is Outcome.SUPPORTED
    turned = Interaction(larger=sides["smaller"], smaller=sides["larger"])
    verdict = judge_scores(turned, scores)
    assert verdict.outcome is Outcome.REFUTED
    assert verdict.estimates[0].value == pytest.approx(-2.0, abs=0.5)


def test_languages_can_be_set_against_each_other():
    rng = np.random.default_rng(0)
    scores = np.full((2, 6, 2), 50.0) + rng.normal(0, 0.2, (2, 6, 2))
    scores[1, :, 0] += 3.0
    expect = Interaction(larger=Side(languages=("bb",)), smaller=Side(languages=("cc",)))
    assert judge_scores(expect, {"pos": scores}).outcome is Outcome.SUPPORTED


def test_a_task_that_is_not_there_is_not_applicable():
    expect = Interaction(larger=Side(tasks=("pos",)), smaller=Side(tasks=("xnli",)))
    verdict = judge_scores(expect, {"pos": task(1.0)})
    assert verdict.outcome is Outcome.NOT_APPLICABLE
    assert "xnli" in verdict.reason


def test_sides_are_described_in_words():
    assert describe(Side()) == "the target languages"
    assert describe(Side(tasks=("pos",), languages="source")) == "pos in the source language"

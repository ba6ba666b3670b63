import numpy as np
import pytest
from pydantic import ValidationError

from reproduce.judge.holds_in_languages import HoldsInLanguages, required
from reproduce.nouns.evidence import Outcome
from tests.judge.support import judge_scores, rates


def gains_in(*means, units=6, seed=0):
    rng = np.random.default_rng(seed)
    base = np.full((1, units, len(means)), 50.0)
    return {"pos": np.concatenate([base, 50 + np.array(means) + rng.normal(0, 0.3, base.shape)])}


def test_enough_languages_support_and_too_few_refute():
    scores = gains_in(2, 2, 2, 2, -2)
    assert judge_scores(HoldsInLanguages(at_least=4), scores).outcome is Outcome.SUPPORTED
    assert judge_scores(HoldsInLanguages(at_least="80%"), scores).outcome is Outcome.SUPPORTED
    assert judge_scores(HoldsInLanguages(at_least=5), scores).outcome is Outcome.REFUTED


def test_the_reason_counts_languages():
    verdict = judge_scores(HoldsInLanguages(at_least=2), gains_in(2, 2, -2))
    assert "pos in 2 of 3 (claimed: at least 2)" in verdict.reason
    assert len(verdict.estimates) == 3


def test_more_languages_than_were_evaluated_is_not_applicable():
    verdict = judge_scores(HoldsInLanguages(at_least=4), gains_in(2, 2))
    assert verdict.outcome is Outcome.NOT_APPLICABLE


def test_correlated_languages_keep_the_level_where_one_too_few_holds():
    def draw(rng):
        shared = rng.normal(0, 1, (1, 5, 1))
        noise = rng.normal(0, 0.3, (1, 5, 4))
        means = np.array([20.0, 20.0, 0.0, 0.0])
        base = np.full((1, 5, 4), 50.0)
        return {"pos": np.concatenate([base, 50 + means + shared + noise])}

    found = rates(
        HoldsInLanguages(at_least=3),
        draw,
        runs=250,
        layers=(None,),
        units=5,
        targets=("bb", "cc", "dd", "ee"),
    )
    assert found["supported"] <= 0.05 + 0.04


@pytest.mark.parametrize(
    ("at_least", "languages", "expected"), [("80%", 9, 8), (3, 9, 3), ("0%", 5, 1)]
)
def test_a_share_is_rounded_up(at_least, languages, expected):
    assert required(at_least, languages) == expected


@pytest.mark.parametrize("at_least", [0, "most", "120%", -1])
def test_a_number_of_languages_is_positive_or_a_share(at_least):
    with pytest.raises(ValidationError):
        HoldsInLanguages(at_least=at_least)

import numpy as np
import pytest

from reproduce.judge.margin import Margin
from reproduce.judge.sensitivity import change
from reproduce.nouns.evidence import Outcome
from tests.judge.support import judge_gains, judge_scores
from tests.judge.test_units import judged, sentence_design

S, R, U = Outcome.SUPPORTED, Outcome.REFUTED, Outcome.INCONCLUSIVE


def items(verdict):
    return {item.name: item for item in verdict.sensitivity}


@pytest.mark.parametrize(
    ("base", "other", "expected"),
    [(S, S, "same"), (S, U, "fragile"), (U, R, "fragile"), (S, R, "flip"), (R, S, "flip")],
)
def test_flips_and_fragility_are_told_apart(base, other, expected):
    assert change(base, other) == expected


def test_one_unit_that_carries_the_verdict_is_named():
    gains = [0.3, 0.2, 0.25, 0.35, -0.22]
    verdict = judge_gains(Margin(), gains)
    left = items(verdict)["leave one seed out"]
    assert left.change != "same"
    assert left.text.startswith("without seed")


def test_sign_flips_of_few_seeds_can_not_reach_the_level():
    verdict = judge_gains(Margin(), [1.0, 1.1, 0.9])
    assert verdict.outcome is S
    assert items(verdict)["exact sign-flip test"].change == "fragile"


def test_a_robust_verdict_is_the_same_under_every_analysis():
    rng = np.random.default_rng(0)
    scores = np.full((2, 8, 3), 50.0)
    scores[1] += 2.0 + rng.normal(0, 0.2, (8, 3))
    verdict = judge_scores(Margin(), {"pos": scores})
    assert {"exact sign-flip test", "micro average over languages", "leave one seed out"} <= set(
        items(verdict)
    )
    assert {item.change for item in verdict.sensitivity} == {"same"}


def test_the_bootstrap_is_called_a_description():
    verdict = judged(*sentence_design(sentence_sd=4.0))
    item = items(verdict)["crossed bootstrap of the deciding task"]
    assert "a description" in item.text


@pytest.mark.parametrize(("sentence_sd", "dominant"), [(0.0, "seed"), (10.0, "sentence")])
def test_variance_shares_name_the_dominant_source(sentence_sd, dominant):
    verdict = judged(*sentence_design(sentence_sd=sentence_sd))
    shares = {part.source: part.share for part in verdict.variance}
    assert sum(shares.values()) == pytest.approx(1.0)
    assert max(shares, key=shares.get) == dominant


def test_a_perfect_score_has_a_wilson_interval_in_the_notes():
    scores = np.stack([np.array([90.0, 91, 92, 90]), np.full(4, 100.0)])
    verdict = judge_scores(Margin(), {"pos": scores})
    assert any("100% in bb" in note and "Wilson" in note for note in verdict.notes)

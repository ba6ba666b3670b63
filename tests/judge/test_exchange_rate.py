from __future__ import annotations

import numpy as np
import pytest

from reproduce.book import load_book
from reproduce.experiments.code_switch import CodeSwitch
from reproduce.judge.exchange_rate import ExchangeRate
from reproduce.judge.judging import judge_claims
from reproduce.judge.simulation import Shape, simulated_design, simulated_records
from reproduce.nouns.evidence import Outcome
from reproduce.resources import shipped
from tests.judge.support import make_claim, make_setting

LABELS = ("real-0", "real-100", "real-200", "real-400", "real-0+synthetic")
CURVE = (50.0, 60.0, 66.0, 70.0)


def judged(added, *, sd=0.1, **expect):
    """A learning curve of real sentences, and what synthetic data beside none of them score."""
    design = simulated_design(Shape(units=8, labels=LABELS))
    rng = np.random.default_rng(1)
    values = np.array([*CURVE, added])[:, None] + rng.normal(0, sd, (5, 8))
    claim = make_claim(ExchangeRate(**expect), role="control")
    records = simulated_records(design, {"pos": values})
    [verdict] = judge_claims([(claim, design)], records, setting=make_setting(), family_sizes={})
    return verdict


def rate(verdict):
    [found] = [e for e in verdict.estimates if e.scale == "sentences"]
    return found


def test_data_that_score_like_150_sentences_are_worth_150():
    verdict = judged(63.0, more_than=100)
    assert verdict.outcome is Outcome.SUPPORTED
    assert rate(verdict).value == pytest.approx(150, abs=5)
    assert 140 < rate(verdict).low < 150 < rate(verdict).high < 160


def test_data_worth_less_refute_and_data_worth_as_much_decide_nothing():
    assert judged(55.0, more_than=100).outcome is Outcome.REFUTED
    assert judged(60.0, more_than=100).outcome is Outcome.INCONCLUSIVE


def test_verdict_and_interval_agree_between_amounts():
    verdict = judged(63.0, more_than=145)
    assert (verdict.outcome is Outcome.SUPPORTED) == (rate(verdict).low > 145)
    assert judged(63.0, more_than=130).outcome is Outcome.SUPPORTED
    assert judged(63.0, more_than=170).outcome is Outcome.REFUTED


def test_noise_widens_the_interval():
    quiet, loud = rate(judged(63.0, more_than=100)), rate(judged(63.0, more_than=100, sd=3.0))
    assert loud.high - loud.low > 2 * (quiet.high - quiet.low)


def test_a_score_beyond_the_curve_is_said_to_be_a_bound():
    verdict = judged(80.0, more_than=100)
    assert verdict.outcome is Outcome.SUPPORTED
    assert rate(verdict).value == 400
    assert any("learning curve ends" in note for note in verdict.notes)


def test_an_amount_beyond_the_curve_is_not_judged():
    verdict = judged(63.0, more_than=500)
    assert verdict.outcome is Outcome.NOT_APPLICABLE
    assert "amounts: 0, 100, 200, 400" in verdict.reason


@pytest.mark.parametrize("pair", ["close", "distant"])
def test_the_shipped_claims_are_about_the_curves_that_are_run_anyway(pair):
    folder = shipped("claims")
    book = load_book([folder / f"codeswitch_exchange{n}_{pair}.yaml" for n in ("", "_rate")])
    curve, of_rate = (entry.claim for entry in book.claims)
    assert isinstance(curve.experiment, CodeSwitch)
    assert curve.experiment == of_rate.experiment

import numpy as np

from reproduce.judge.order import Order
from reproduce.nouns.evidence import Outcome
from tests.judge.support import judge_scores


def two_arms(gap, units=6):
    rng = np.random.default_rng(0)
    return {"pos": np.array([[50.0], [50.0 + gap]]) + rng.normal(0, 0.3, (2, units))}


def test_an_order_holds_if_every_pair_does():
    order = Order(order=("add", "last"))
    assert judge_scores(order, two_arms(2.0)).outcome is Outcome.SUPPORTED
    assert judge_scores(order, two_arms(-2.0)).outcome is Outcome.REFUTED
    assert judge_scores(order, two_arms(0.05)).outcome is Outcome.INCONCLUSIVE


def test_a_condition_that_was_not_run_is_an_error_that_names_those_that_were():
    verdict = judge_scores(Order(order=("dlfa", "last")), two_arms(2.0))
    assert verdict.outcome is Outcome.ERROR
    assert "there are: last, add" in verdict.reason


def test_a_condition_run_at_several_layers_takes_the_one_best_on_source_development_data():
    rng = np.random.default_rng(0)
    scores = np.array([[50.0], [51.0], [55.0]]) + rng.normal(0, 0.3, (3, 6))
    verdict = judge_scores(Order(order=("dlfa", "last")), {"pos": scores})
    assert verdict.outcome is Outcome.SUPPORTED
    assert 4.5 < verdict.estimates[0].value < 5.5

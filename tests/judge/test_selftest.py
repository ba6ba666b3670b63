import numpy as np
import pytest

from reproduce.judge import selftest
from reproduce.judge.scenarios import WRONG_SUPPORT, Promise, Scenario, scenarios
from reproduce.judge.simulation import Shape
from reproduce.judge.truths import gains


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda s: s.name)
def test_every_scenario_can_be_judged(scenario):
    for measured in selftest._measure(scenario, 3, np.random.default_rng(0)):
        assert 0 <= measured.value <= 1


def test_a_broken_promise_is_noticed():
    from reproduce.judge.margin import Margin

    lenient = Scenario(
        "alpha of 20 % sold as 5 %",
        (Margin(),),
        gains(0.0, 5),
        (WRONG_SUPPORT,),
        Shape(layers=(None,), units=5),
        alpha=0.2,
    )
    [measured] = selftest._measure(lenient, 300, np.random.default_rng(0))
    assert not measured.kept
    assert measured.value > 0.1


def test_monte_carlo_error_is_allowed_for():
    promise = Promise("supported", "wrongly supported", most=0.05)
    assert selftest._compare("x", promise, 27, 400).kept
    assert not selftest._compare("x", promise, 40, 400).kept
    never = Promise("supported", "supported", most=0.0)
    assert not selftest._compare("x", never, 1, 400).kept


def test_the_same_seed_measures_the_same():
    first = [m for _, m in zip(range(4), selftest.selftest(runs=20, seed=3), strict=False)]
    again = [m for _, m in zip(range(4), selftest.selftest(runs=20, seed=3), strict=False)]
    assert first == again

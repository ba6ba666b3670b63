import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.power import TTestPower

from reproduce.statistics.power import (
    half_width,
    minimum_detectable_effect,
    sd_interval,
    seeds_for_half_width,
    seeds_for_tolerance,
    seeds_needed,
    t_power,
    tost_power,
    tost_tolerance,
)


@given(st.floats(0.05, 3), st.integers(2, 40), st.sampled_from([0.001, 0.01, 0.05]))
def test_power_agrees_with_statsmodels(effect, n, alpha):
    expected = TTestPower().power(effect, n, alpha, alternative="larger")
    assert t_power(effect, n, alpha) == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize(
    ("n", "effect", "tolerance"),
    [(3, 2.30, 2.65), (5, 1.36, 1.60), (8, 0.98, 1.15), (10, 0.85, 1.00)],
)
def test_published_table_of_detectable_effects(n, effect, tolerance):
    assert minimum_detectable_effect(n, 0.05) == pytest.approx(effect, abs=0.005)
    assert tost_tolerance(n, 0.05) == pytest.approx(tolerance, abs=0.0101)


@pytest.mark.parametrize(("n", "tolerance"), [(3, 2.5), (5, 1.6), (8, 1.0)])
def test_power_of_equivalence_agrees_with_simulation(n, tolerance):
    draws = np.random.default_rng(0).normal(size=(200_000, n))
    reach = np.abs(draws.mean(axis=1)) + half_width(n, 0.05) * draws.std(axis=1, ddof=1)
    assert tost_power(tolerance, n, 0.05) == pytest.approx((reach < tolerance).mean(), abs=0.004)


@given(st.floats(0.2, 3), st.floats(0.1, 3))
def test_the_seeds_needed_are_the_fewest_that_do(effect, sd):
    n = seeds_needed(effect, sd, 0.05)
    assert t_power(effect / sd, n, 0.05) >= 0.8
    assert n == 2 or t_power(effect / sd, n - 1, 0.05) < 0.8


def test_a_hopeless_effect_has_no_number_of_seeds():
    assert seeds_needed(0.0001, 1.0, 0.05) is None
    assert seeds_needed(0.0, 1.0, 0.05) is None
    assert seeds_for_tolerance(0.0001, 1.0, 0.05) is None
    assert seeds_for_half_width(0.0, 1.0, 0.05) is None


def test_the_seeds_for_a_tolerance_are_the_fewest_that_do():
    n = seeds_for_tolerance(1.0, 1.0, 0.05)
    assert tost_power(1.0, n, 0.05) >= 0.8 > tost_power(1.0, n - 1, 0.05)


def test_the_seeds_for_a_half_width_are_the_fewest_that_do():
    n = seeds_for_half_width(0.5, 1.0, 0.05)
    assert half_width(n, 0.05) < 0.5 <= half_width(n - 1, 0.05)


def test_one_unit_can_conclude_nothing():
    for function in (minimum_detectable_effect, tost_tolerance, half_width):
        with pytest.raises(ValueError):
            function(1, 0.05)


@pytest.mark.parametrize("n", [2, 5, 8, 30])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_the_interval_of_a_standard_deviation_agrees_with_scipy(n, level):
    low, high = sd_interval(1.3, n, level)
    for bound, tail in ((low, (1 + level) / 2), (high, (1 - level) / 2)):
        quantile = stats.chi2.ppf(tail, n - 1)
        assert bound == pytest.approx(1.3 * ((n - 1) / quantile) ** 0.5, rel=1e-8)


def test_the_interval_of_a_standard_deviation_covers():
    rng = np.random.default_rng(0)
    sds = rng.normal(0, 2.0, (4000, 6)).std(axis=1, ddof=1)
    inside = [low < 2.0 < high for low, high in (sd_interval(float(s), 6) for s in sds)]
    assert np.mean(inside) == pytest.approx(0.95, abs=0.013)

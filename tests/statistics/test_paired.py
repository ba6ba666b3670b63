import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from statsmodels.stats.weightstats import ttost_paired

from reproduce.statistics.paired import (
    Summary,
    interval,
    p_above,
    p_below,
    p_inside,
    p_outside,
    summarise,
)

differences = arrays(float, st.integers(3, 30), elements=st.floats(-50, 50, width=32)).filter(
    lambda x: x.std() > 0.01
)


@given(differences, st.floats(-5, 5))
def test_one_sided_p_agree_with_scipy(values, bound):
    summary = summarise(values)
    greater = stats.ttest_1samp(values, bound, alternative="greater").pvalue
    less = stats.ttest_1samp(values, bound, alternative="less").pvalue
    assert p_above(summary, bound) == pytest.approx(greater, abs=1e-8)
    assert p_below(summary, bound) == pytest.approx(less, abs=1e-8)


@given(differences, st.floats(-5, 5), st.floats(0.01, 10))
def test_equivalence_agrees_with_statsmodels(values, value, tolerance):
    expected, _, _ = ttost_paired(
        values, np.zeros_like(values), value - tolerance, value + tolerance
    )
    ours = p_inside(summarise(values), value - tolerance, value + tolerance)
    assert ours == pytest.approx(expected, abs=1e-8)


@given(differences, st.sampled_from([0.8, 0.9, 0.95]))
def test_intervals_agree_with_scipy(values, level):
    expected = stats.ttest_1samp(values, 0).confidence_interval(level)
    found = interval(summarise(values), level)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-8)


@given(differences, st.floats(-5, 5), st.floats(0.01, 5), st.sampled_from([0.01, 0.05]))
def test_outside_is_the_two_sided_interval_lying_wholly_outside(values, value, tolerance, alpha):
    summary = summarise(values)
    found = interval(summary, 1 - alpha)
    outside = found.low > value + tolerance or found.high < value - tolerance
    p = p_outside(summary, value - tolerance, value + tolerance)
    if abs(p - alpha) > 1e-9:
        assert (p < alpha) == outside


@given(differences, st.floats(0, 5))
def test_a_larger_margin_is_never_easier_to_pass(values, more):
    summary = summarise(values)
    assert p_above(summary, 1.0 + more) >= p_above(summary, 1.0)


@given(differences, st.floats(0.01, 5), st.floats(0, 5))
def test_a_larger_tolerance_is_never_harder_to_meet(values, tolerance, more):
    summary = summarise(values)
    wide, narrow = tolerance + more, tolerance
    assert p_inside(summary, -wide, wide) <= p_inside(summary, -narrow, narrow)


@pytest.mark.parametrize("values", [[1.0], [2.0, 2.0, 2.0], [0.1 + 0.2, 0.3, 0.3]])
def test_without_variance_nothing_is_significant(values):
    summary = summarise(values)
    assert not summary.testable
    assert interval(summary, 0.95) is None
    assert p_above(summary, -100) == p_below(summary, 100) == p_inside(summary, -9, 9) == 1.0
    assert p_outside(summary, 5, 6) == 1.0


@pytest.mark.parametrize("values", [[], [1.0, float("nan")], [1.0, float("inf")]])
def test_a_summary_refuses_what_is_no_number(values):
    with pytest.raises(ValueError):
        summarise(values)


def test_fractional_degrees_of_freedom_are_allowed():
    summary = Summary(mean=1.0, se=0.5, df=4.5, n=6, sd=1.0)
    assert p_above(summary, 0.0) == pytest.approx(stats.t.sf(2.0, 4.5), abs=1e-10)


def verdict_rates(mean, *, n, margin=0.0, sd=0.5, runs=6000, seed=1):
    draws = np.random.default_rng(seed).normal(mean, sd, (runs, n))
    summaries = [summarise(d) for d in draws]
    supported = np.mean([p_above(s, margin) < 0.05 for s in summaries])
    refuted = np.mean([p_below(s, margin) < 0.05 for s in summaries])
    return supported, refuted


@pytest.mark.parametrize(
    ("gain", "n", "power"),
    [
        (1.0, 3, 0.71),
        (1.0, 5, 0.97),
        (0.5, 3, 0.32),
        (0.5, 5, 0.58),
        (0.5, 8, 0.81),
        (0.5, 10, 0.90),
    ],
)
def test_reference_operating_points(gain, n, power):
    supported, refuted = verdict_rates(gain, n=n)
    assert supported == pytest.approx(power, abs=0.02)
    assert refuted <= 0.005


@pytest.mark.parametrize("n", [2, 3, 8])
def test_at_the_boundary_each_wrong_verdict_has_the_promised_rate(n):
    supported, refuted = verdict_rates(1.0, n=n, margin=1.0)
    assert supported == pytest.approx(0.05, abs=0.01)
    assert refuted == pytest.approx(0.05, abs=0.01)


def test_equivalence_is_refuted_wrongly_at_most_at_the_level_when_the_tolerance_is_tiny():
    n, tolerance = 5, 0.05
    draws = np.random.default_rng(2).normal(tolerance, 1.0, (8000, n))
    rate = np.mean([p_outside(summarise(d), -tolerance, tolerance) < 0.05 for d in draws])
    assert rate <= 0.05 + 0.0075  # three Monte-Carlo standard errors


def test_equivalence_is_supported_wrongly_at_most_at_the_level():
    draws = np.random.default_rng(3).normal(1.5, 1.0, (6000, 10))
    rate = np.mean([p_inside(summarise(d), -1.5, 1.5) < 0.05 for d in draws])
    assert 0.04 <= rate <= 0.0575

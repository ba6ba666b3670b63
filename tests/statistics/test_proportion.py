import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from reproduce.statistics.proportion import wilson


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_agrees_with_statsmodels(case):
    successes, total = case
    low, high = proportion_confint(successes, total, alpha=0.05, method="wilson")
    found = wilson(successes, total)
    assert (found.low, found.high) == pytest.approx((100 * low, 100 * high), abs=1e-8)


def test_a_perfect_score_still_has_an_interval():
    assert wilson(50, 50).high == 100.0
    assert 92 < wilson(50, 50).low < 94


@pytest.mark.parametrize(("successes", "total"), [(0, 0), (3, 2), (-1, 2)])
def test_impossible_counts_are_refused(successes, total):
    with pytest.raises(ValueError):
        wilson(successes, total)

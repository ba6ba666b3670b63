import numpy as np
import pandas as pd
import pytest
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm

from reproduce.statistics.crossed import crossed
from reproduce.statistics.layers import crossed_leads, leads
from reproduce.statistics.paired import interval


def test_the_mean_squares_are_those_of_the_two_way_analysis_of_variance():
    rng = np.random.default_rng(0)
    y = rng.normal(0, 1, (5, 1)) + rng.normal(0, 2, (1, 12)) + rng.normal(0, 1, (5, 12))
    rows, columns = np.indices(y.shape)
    table = pd.DataFrame({"y": y.ravel(), "r": rows.ravel(), "c": columns.ravel()})
    mean_sq = anova_lm(ols("y ~ C(r) + C(c)", table).fit())["sum_sq"] / [4, 11, 44]
    ms_r, ms_c, ms_e = mean_sq
    found = crossed(y)
    assert found.rows == pytest.approx((ms_r - ms_e) / 60, abs=1e-8)
    assert found.columns == pytest.approx((ms_c - ms_e) / 60, abs=1e-8)
    assert found.residual == pytest.approx(ms_e / 60, abs=1e-8)
    assert found.summary.se**2 == pytest.approx((ms_r + ms_c - ms_e) / 60, abs=1e-8)
    df = (ms_r + ms_c - ms_e) ** 2 / (ms_r**2 / 4 + ms_c**2 / 11 + ms_e**2 / 44)
    assert found.summary.df == pytest.approx(df, abs=1e-8)


@pytest.mark.parametrize(
    ("seed_sd", "sentence_sd", "rest"), [(1.0, 0.0, 1.0), (0.1, 6.0, 3.0), (0.5, 5.0, 5.0)]
)
@pytest.mark.parametrize("units", [3, 8])
def test_intervals_cover_whatever_dominates(seed_sd, sentence_sd, rest, units):
    rng = np.random.default_rng(1)
    hits = 0
    runs = 800
    for _ in range(runs):
        y = rng.normal(0, seed_sd, (units, 1)) + rng.normal(0, sentence_sd, (1, 60))
        found = interval(crossed(y + rng.normal(0, rest, (units, 60))).summary, 0.95)
        hits += found.low < 0 < found.high
    assert 0.93 <= hits / runs <= 0.985


def test_taking_the_shared_sentences_for_different_ones_would_not_cover():
    rng = np.random.default_rng(2)
    hits = 0
    for _ in range(300):
        y = rng.normal(0, 0.1, (5, 1)) + rng.normal(0, 6.0, (1, 60)) + rng.normal(0, 3, (5, 60))
        naive = interval(crossed_free_summary(y), 0.95)
        hits += naive.low < 0 < naive.high
    assert hits / 300 < 0.7


def crossed_free_summary(y):
    from reproduce.statistics.paired import summarise

    return summarise(y.mean(axis=1))


def test_constant_values_have_no_standard_error():
    summary = crossed(np.full((3, 4), 7.1)).summary
    assert summary.se == 0 and not summary.testable


@pytest.mark.parametrize("bad", [np.zeros((1, 5)), np.zeros((5, 1)), np.array([[1, np.nan]] * 2)])
def test_what_is_not_crossed_is_refused(bad):
    with pytest.raises(ValueError):
        crossed(bad)


def test_leads_over_sentences_have_the_same_means_and_larger_errors():
    rng = np.random.default_rng(0)
    y = rng.normal(0, 1, (3, 6, 1)) + rng.normal(0, 8, (3, 1, 40)) + rng.normal(0, 1, (3, 6, 40))
    wide, narrow = crossed_leads(y), leads(y.mean(axis=2).T)
    assert wide.mean == pytest.approx(narrow.mean)
    off = ~np.eye(3, dtype=bool)
    assert (wide.se[off] > narrow.se[off]).all()
    assert wide.se == pytest.approx(wide.se.T)

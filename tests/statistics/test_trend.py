import numpy as np
import pytest
from scipy import stats

from reproduce.statistics.paired import p_above, summarise
from reproduce.statistics.trend import rank_correlations, slopes

LAYERS = [1, 2, 3, 5, 8]


def test_slopes_and_rank_correlations_agree_with_scipy():
    curves = np.random.default_rng(0).normal(size=(6, 5))
    for i, curve in enumerate(curves):
        assert slopes(curves, LAYERS)[i] == pytest.approx(stats.linregress(LAYERS, curve).slope)
        rho = stats.spearmanr(LAYERS, curve).statistic
        assert rank_correlations(curves, LAYERS)[i] == pytest.approx(rho)


def test_a_flat_curve_has_no_rank_correlation():
    assert np.isnan(rank_correlations([[1, 1, 1]], [1, 2, 3])).all()


def test_random_walks_are_called_trends_no_more_often_than_promised():
    walks = np.random.default_rng(1).normal(size=(2000, 6, 8)).cumsum(axis=2)
    p = [p_above(summarise(slopes(w, range(8))), 0.0) for w in walks]
    assert np.mean(np.array(p) < 0.05) <= 0.065


def test_permuting_the_layers_would_call_them_trends_far_more_often():
    walks = np.random.default_rng(1).normal(size=(400, 6, 8)).cumsum(axis=2).mean(axis=1)
    p = [stats.spearmanr(range(8), w, alternative="greater").pvalue for w in walks]
    assert np.mean(np.array(p) < 0.05) > 0.2

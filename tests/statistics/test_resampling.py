import numpy as np
import pytest
from scipy import stats

from reproduce.statistics.resampling import crossed_bootstrap, sign_flip_p


@pytest.mark.parametrize("bound", [-0.5, 0.0, 0.7])
@pytest.mark.parametrize("n", [3, 8])
def test_sign_flips_agree_with_scipy(n, bound):
    d = np.random.default_rng(n).normal(0.4, 1, n)
    expected = stats.permutation_test(
        (d - bound,),
        np.mean,
        permutation_type="samples",
        n_resamples=np.inf,
        alternative="greater",
    ).pvalue
    assert sign_flip_p(d, bound) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("n", [3, 5, 8])
def test_the_smallest_p_of_sign_flips_is_two_to_the_minus_n(n):
    assert sign_flip_p(np.arange(1.0, n + 1), 0.0) == 2.0**-n


def test_many_units_are_flipped_at_random_but_repeatably():
    d = np.random.default_rng(0).normal(0.2, 1, 40)
    assert sign_flip_p(d, 0.0) == sign_flip_p(d, 0.0)
    assert sign_flip_p(d, 0.0) == pytest.approx(
        stats.ttest_1samp(d, 0, alternative="greater").pvalue, abs=0.03
    )


def test_a_crossed_bootstrap_surrounds_the_mean_and_uses_both_sources():
    rng = np.random.default_rng(0)
    y = rng.normal(0, 1, (20, 1)) + rng.normal(0, 3, (1, 50)) + 5
    low, high = crossed_bootstrap(y)
    assert low < y.mean() < high
    rows_only = np.quantile(
        [rng.choice(y.mean(axis=1), 20).mean() for _ in range(500)], [0.025, 0.975]
    )
    assert high - low > 1.2 * (rows_only[1] - rows_only[0])

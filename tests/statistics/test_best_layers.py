import numpy as np
import pytest
from scipy import stats

from reproduce.statistics.layers import best_layer_differs, leads, selection_frequency

ALPHA = 0.05


def rates(means, *, tolerance, units, runs=1500, seed=0, sd=1.0):
    """Share of support and refutation; `means` is [tasks, layers]."""
    rng = np.random.default_rng(seed)
    results = []
    for _ in range(runs):
        noise = rng.normal(0, sd, (len(means), units, len(means[0])))
        tasks = [leads(np.asarray(m) + e) for m, e in zip(means, noise, strict=True)]
        results.append(best_layer_differs(tasks, tolerance))
    support = np.mean([r.support < ALPHA for r in results])
    refute = np.mean([r.refute < ALPHA for r in results])
    return support, refute


def test_pairwise_p_agree_with_scipy():
    curves = np.random.default_rng(0).normal(size=(6, 4)) * 2 + np.arange(4)
    found = leads(curves).p_exceeds(0.5)
    for high in range(4):
        for low in range(4):
            if high != low:
                d = curves[:, high] - curves[:, low]
                expected = stats.ttest_1samp(d, 0.5, alternative="greater").pvalue
                assert found[high, low] == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("tolerance", [0.05, 1.0])
def test_equal_layers_are_hardly_ever_said_to_differ(tolerance):
    support, _ = rates(np.zeros((4, 7)), tolerance=tolerance, units=8, runs=600)
    assert support <= ALPHA


def test_picking_the_observed_maximum_would_fail_there():
    curves = np.random.default_rng(0).normal(size=(600, 2, 8, 7))
    best = curves.mean(axis=2).argmax(axis=2)
    assert (best[:, 0] != best[:, 1]).mean() > 0.8


def test_support_keeps_its_level_where_one_layer_just_serves_all_tasks():
    # Layer 0 trails by exactly the tolerance everywhere; each other one is far behind in a task.
    tolerance, far = 0.5, -50.0
    means = [[0, tolerance, tolerance, far, far], [0, far, far, tolerance, tolerance]]
    support, _ = rates(means, tolerance=tolerance, units=5, runs=4000)
    assert support <= ALPHA + 0.01


@pytest.mark.parametrize("tolerance", [0.05, 3.0])
def test_refutation_keeps_its_level_where_every_layer_just_fails(tolerance):
    means = [[tolerance, 0.0], [0.0, tolerance]]
    _, refute = rates(means, tolerance=tolerance, units=8, runs=4000)
    assert refute <= ALPHA + 0.01


def test_clear_differences_are_found_and_clear_ties_too():
    apart = [[0, 0, 6.0], [6.0, 0, 0]]
    assert rates(apart, tolerance=1.0, units=8, runs=100)[0] > 0.9
    together = [[0, 0, 6.0], [0, 0, 6.0]]
    assert rates(together, tolerance=1.0, units=8, runs=100)[1] > 0.9


def test_layers_that_never_vary_are_neither_apart_nor_tied():
    flat = leads(np.tile([1.0, 9.0], (5, 1)))
    result = best_layer_differs([flat, flat], 1.0)
    assert result.support == result.refute == 1.0


def test_one_unit_decides_nothing():
    one = leads([[1.0, 9.0]])
    result = best_layer_differs([one, one], 1.0)
    assert result.support == result.refute == 1.0


def test_bad_curves_are_refused():
    for curves in ([[1.0, float("nan")]], [[1.0], [2.0]], np.zeros((0, 3))):
        with pytest.raises(ValueError):
            leads(curves)
    with pytest.raises(ValueError):
        best_layer_differs([leads([[1, 2]]), leads([[1, 2, 3]])], 1.0)


def test_selection_frequencies_sum_to_one_and_share_ties():
    assert selection_frequency([[1, 1], [2, 2]]) == pytest.approx([0.5, 0.5])
    curves = np.random.default_rng(0).normal(size=(8, 5))
    assert selection_frequency(curves).sum() == pytest.approx(1.0)
    assert selection_frequency([[0, 9], [0, 9]]) == pytest.approx([0.0, 1.0])

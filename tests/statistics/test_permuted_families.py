from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from reproduce.statistics.families import family_gap, matrix_correlation

GROUPS = ("a", "a", "a", "a", "b", "b", "b")


def table(gap=0.0, seed=0, groups=GROUPS):
    rng = np.random.default_rng(seed)
    n = len(groups)
    same = np.array([[x == y for y in groups] for x in groups])
    return rng.normal(0, 3, n) + rng.normal(0, 1, (n, n)) + gap * same


def by_definition(values, groups):
    """The mean over things of within minus across, one pair at a time."""
    gaps = []
    for t, own in enumerate(groups):
        others = [s for s in range(len(groups)) if s != t]
        kin = [values[s][t] for s in others if groups[s] == own]
        strangers = [values[s][t] for s in others if groups[s] != own]
        if kin and strangers:
            gaps.append(np.mean(kin) - np.mean(strangers))
    return np.mean(gaps)


@pytest.mark.parametrize("groups", [GROUPS, ("a", "a", "b", "b", "c", "a")])
def test_the_gap_and_its_p_are_those_of_the_definition(groups):
    values = table(1.0, groups=groups)
    found = family_gap(values, groups)
    assert found.mean == pytest.approx(by_definition(values, groups))
    every = [by_definition(values, g) for g in set(permutations(groups))]
    assert found.p_above(0) == np.mean(np.array(every) >= found.mean - 1e-9)
    assert found.p_below(0) == np.mean(np.array(every) <= found.mean + 1e-9)


def test_a_bound_is_taken_off_the_pairs_within_groups():
    values, same = table(5.0), np.equal.outer(np.array(GROUPS), np.array(GROUPS))
    assert family_gap(values, GROUPS).p_above(3) == family_gap(values - 3 * same, GROUPS).p_above(0)


def test_what_lies_inside_the_interval_is_refused_by_neither_test():
    found = family_gap(table(5.0), GROUPS)
    low, high = found.interval(0.9)
    assert low < found.mean < high
    for inside in (low + 1e-6, found.mean, high - 1e-6):
        assert found.p_above(inside) >= 0.05 and found.p_below(inside) >= 0.05
    assert found.p_above(low - 1e-6) < 0.05 and found.p_below(high + 1e-6) < 0.05


def test_few_languages_leave_the_interval_open():
    found = family_gap(table(groups=("a", "a", "b", "b")), ("a", "a", "b", "b"))
    assert found.interval(0.9) == (None, None)
    assert found.p_above(-99) >= 2 / 6


def test_a_thing_without_relatives_has_no_gap_and_is_a_stranger_to_all():
    found = family_gap(table(groups=("a", "a", "b")), ("a", "a", "b"))
    assert np.isnan(found.each[2]) and np.isfinite(found.each[:2]).all()


def test_an_unknown_pair_is_left_out():
    values = table()
    values[0, 1] = np.nan
    assert np.isfinite(family_gap(values, GROUPS).each).all()


@pytest.mark.parametrize("groups", [("a", "a", "a"), ("a", "b", "c")])
def test_groups_that_allow_no_comparison_are_refused(groups):
    with pytest.raises(ValueError, match="a relative and a stranger"):
        family_gap(np.zeros((3, 3)), groups)


def test_many_languages_are_permuted_at_random():
    groups = ("a", "b", "c", "d") * 5
    values = table(5.0, groups=groups)
    found = family_gap(values, groups)
    assert len(found.permuted) == 20_001
    assert found.p_above(0) == pytest.approx(1 / 20_001)


def test_the_correlation_of_tables_is_spearmans_over_pairs():
    from scipy.stats import spearmanr

    rng = np.random.default_rng(0)
    a, b = (m + m.T for m in rng.normal(size=(2, 8, 8)))
    upper = np.triu_indices(8, 1)
    assert matrix_correlation(a, b)[0] == pytest.approx(spearmanr(a[upper], b[upper])[0])


def test_opposite_tables_are_told_from_like_ones():
    m = np.random.default_rng(1).normal(size=(8, 8))
    m = m + m.T
    assert matrix_correlation(m, -m)[1] < 0.01
    assert matrix_correlation(m, m)[1] > 0.99
    assert matrix_correlation(m, np.ones((8, 8)))[1] == 1

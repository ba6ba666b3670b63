import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from reproduce.statistics.multiplicity import at_least, benjamini_hochberg, every, holm, some

p_values = st.lists(st.floats(0, 1), min_size=1, max_size=20)


@settings(max_examples=20)  # each call of the oracle collects garbage
@given(p_values)
def test_holm_agrees_with_statsmodels(p):
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1], abs=1e-12)


@given(p_values)
def test_benjamini_hochberg_agrees_with_statsmodels(p):
    assert benjamini_hochberg(p) == pytest.approx(multipletests(p, method="fdr_bh")[1], abs=1e-12)


@given(p_values, st.integers(0, 10))
def test_members_that_did_not_run_count_as_one(p, absent):
    expected = holm([*p, *[1.0] * absent])[: len(p)]
    assert holm(p, size=len(p) + absent) == pytest.approx(expected, abs=1e-12)


@given(p_values, st.floats(0, 1))
def test_a_further_member_of_a_family_of_fixed_size_can_only_help_the_others(p, new):
    size = len(p) + 1
    assert (holm([*p, new], size)[: len(p)] <= holm(p, size) + 1e-12).all()


def test_the_smallest_adjusted_p_is_that_of_holm():
    p = [0.2, 0.011, 0.03]
    assert some(p) == pytest.approx(holm(p).min())
    assert every(p) == 0.2


def test_partial_conjunction_runs_from_some_to_every():
    p = [0.001, 0.02, 0.3, 0.04]
    assert at_least(p, 1) == some(p)
    assert at_least(p, 4) == every(p)
    assert at_least(p, 2) == pytest.approx(3 * 0.02)


def test_partial_conjunction_keeps_its_level_where_one_language_too_few_holds():
    rng = np.random.default_rng(0)
    p = rng.uniform(size=(20_000, 6))
    p[:, :2] = 0.0  # two hold beyond doubt, three are claimed
    rate = np.mean([at_least(row, 3) <= 0.05 for row in p])
    assert rate <= 0.05 + 0.005


@pytest.mark.parametrize("p", [[-0.1], [1.1], [float("nan")]])
def test_what_is_no_probability_is_refused(p):
    for adjustment in (holm, benjamini_hochberg, every, some):
        with pytest.raises(ValueError):
            adjustment(p)


@pytest.mark.parametrize("u", [0, 3])
def test_an_impossible_number_of_languages_is_refused(u):
    with pytest.raises(ValueError):
        at_least([0.1, 0.2], u)

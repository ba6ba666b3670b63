import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from statsmodels.stats.weightstats import ttost_paired

from reproduce.judge.equivalence import Equivalence, region
from reproduce.nouns.evidence import Outcome
from tests.judge.support import judge_gains

GAINS = [1.6, 1.4, 1.3, 1.7, 1.5, 1.45, 1.55, 1.6]


def test_a_printed_value_hides_half_a_unit_of_its_last_digit():
    assert region(Equivalence(value="1.5", tolerance="0.5")) == pytest.approx((0.95, 2.05))
    assert region(Equivalence(value="71.20", tolerance="1")) == pytest.approx((70.195, 72.205))
    own = Equivalence(value="0", tolerance="1.0", printed=False)
    assert region(own) == pytest.approx((-1.0, 1.0))


def test_the_p_is_that_of_two_one_sided_tests():
    verdict = judge_gains(Equivalence(value="1.5", tolerance="0.25"), GAINS)
    expected, _, _ = ttost_paired(np.array(GAINS), np.zeros(8), 1.2, 1.8)
    assert verdict.outcome is Outcome.SUPPORTED
    assert verdict.support.raw == pytest.approx(expected, rel=1e-2)  # scores are rounded


def test_a_value_far_off_refutes():
    verdict = judge_gains(Equivalence(value="4.0", tolerance="0.5"), GAINS)
    assert verdict.outcome is Outcome.REFUTED
    assert "not between 3.45 and 4.55 points" in verdict.reason


def test_a_significant_difference_inside_the_tolerance_is_equivalent():
    verdict = judge_gains(Equivalence(value="1.0", tolerance="2"), GAINS)
    assert verdict.outcome is Outcome.SUPPORTED


def test_no_difference_found_is_not_equivalence():
    verdict = judge_gains(Equivalence(value="0", tolerance="0.5", printed=False), [-3, 3, 1, -1.5])
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert verdict.why_undecided == "cannot be supported at this tolerance"
    assert verdict.settle.extra_seeds > 10


@settings(max_examples=20, deadline=None)
@given(st.floats(-40, 40), st.integers(1, 5))
def test_without_variance_nothing_is_equivalent(gain, seeds):
    verdict = judge_gains(Equivalence(value="0", tolerance="90"), [gain] * seeds)
    assert verdict.outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize("tolerance", ["0", "-1", "much"])
def test_a_tolerance_is_a_positive_number_of_points(tolerance):
    with pytest.raises(ValidationError):
        Equivalence(value="1.0", tolerance=tolerance)

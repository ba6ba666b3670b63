from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from reproduce.history import moved
from reproduce.nouns.evidence import Evidence, Outcome
from reproduce.verification import compare
from tests.verification.factory import estimate, standing


def kinds(before, now):
    return [change.kind for change in compare({before.claim: before}, [now])]


def test_a_claim_that_stands_where_it_stood_has_not_changed():
    assert kinds(standing(), standing()) == []


def test_another_outcome_is_a_changed_verdict_and_a_flip_if_both_were_decided():
    (change,) = compare({"one": standing()}, [standing(outcome=Outcome.REFUTED)])
    assert (change.kind, change.flip) == ("verdict", True)
    (change,) = compare({"one": standing()}, [standing(outcome=Outcome.INCONCLUSIVE)])
    assert (change.kind, change.flip) == ("verdict", False)


def test_the_same_outcome_at_another_evidence_level_is_a_changed_verdict():
    assert kinds(standing(), standing(evidence=Evidence.SCALED)) == ["verdict"]


def test_an_estimate_within_the_noise_of_both_has_not_moved():
    assert kinds(standing(), standing(estimate=estimate(2.4))) == []


def test_an_estimate_beyond_the_noise_of_both_has_moved_though_the_verdict_stands():
    assert kinds(standing(), standing(estimate=estimate(2.5))) == ["estimate"]


def test_an_estimate_of_another_quantity_is_not_compared():
    other = estimate(50.0).model_copy(update={"name": "another gain"})
    assert kinds(standing(), standing(estimate=other)) == []


def test_without_intervals_any_difference_is_a_move():
    assert moved(estimate(1.0, None), estimate(1.01, None))
    assert not moved(estimate(1.0, None), estimate(1.0, None))


def test_another_environment_is_told_apart_from_a_changed_verdict():
    assert kinds(standing(), standing(environment="torch 2, on CPU")) == ["environment"]


def test_an_unknown_environment_is_not_a_different_one():
    assert kinds(standing(), standing(environment="")) == []


def test_an_edited_criterion_is_named():
    assert kinds(standing(), standing(criterion="d" * 64)) == ["criterion"]


def test_a_claim_that_was_not_there_before_has_not_changed():
    assert compare({}, [standing()]) == ()


numbers = st.floats(-1e6, 1e6)
widths = st.floats(0, 1e6)


@given(numbers, widths, numbers, widths)
def test_a_move_is_symmetric_and_needs_more_than_each_half_width(a, half_a, b, half_b):
    one, two = estimate(a, half_a), estimate(b, half_b)
    assert moved(one, two) == moved(two, one)
    if moved(one, two):
        assert abs(a - b) >= max(half_a, half_b) * (1 - 1e-6) or math.isclose(a, b)

from __future__ import annotations

import pytest
from pydantic import ValidationError

from reproduce.judge.equivalence import Equivalence
from reproduce.judge.margin import Margin
from tests.judge.support import judge_gains, make_claim

CLEAR = [3.0, 3.2, 2.8, 3.1, 2.9]
UNCLEAR = [3.0, -3.0, 2.0, -2.0, 0.5]


def control(gains, *must_be, **changes):
    return judge_gains(Margin(), gains, role="control", must_be=must_be, **changes)


def test_a_control_that_says_nothing_must_be_supported():
    verdict = control(CLEAR)
    assert verdict.control == "passed"
    assert verdict.reason.endswith("This control must be supported, and it is.")


def test_a_control_that_must_be_refuted_passes_when_it_is():
    verdict = control([-g for g in CLEAR], "refuted")
    assert (verdict.outcome, verdict.control) == ("refuted", "passed")


def test_a_control_with_the_contrary_outcome_says_that_the_procedure_is_wrong():
    verdict = control(CLEAR, "refuted")
    assert (verdict.outcome, verdict.control) == ("supported", "failed")
    assert "something is wrong with the procedure" in verdict.reason


def test_a_control_that_is_undecided_has_shown_nothing():
    assert control(UNCLEAR).control == "undecided"


def test_a_control_may_allow_several_outcomes():
    assert control(UNCLEAR, "refuted", "inconclusive").control == "passed"


def test_other_claims_are_no_controls():
    assert judge_gains(Margin(), CLEAR).control == ""


def test_only_a_control_has_an_outcome_that_it_must_have():
    with pytest.raises(ValidationError, match="must_be is for controls"):
        make_claim(Margin(), must_be=("supported",))


def test_a_control_takes_no_part_in_its_family():
    verdict = control(CLEAR, family_sizes={"a-family": 20})
    assert (verdict.support.method, verdict.support.family_size) == ("none", 1)
    assert verdict.support.adjusted == verdict.support.raw


def test_the_baseline_against_itself_is_equivalent_and_gains_no_positive_margin():
    same = [0.4, -0.6, 0.9, -0.2, -0.8, 0.1, 0.5, -0.3]
    equal = Equivalence(value="0", tolerance="2", printed=False)
    assert judge_gains(equal, same, role="control").outcome == "supported"
    assert control(same, "refuted").outcome == "inconclusive"
    assert judge_gains(Margin(margin="2"), same, role="control").outcome == "refuted"

from __future__ import annotations

import pytest

from reproduce.nouns.evidence import Outcome
from reproduce.nouns.night import Recheck
from reproduce.nouns.run import Failure
from reproduce.verification import decide
from tests.verification.factory import estimate, standing, verification

SUPPORTED, REFUTED, INCONCLUSIVE = Outcome.SUPPORTED, Outcome.REFUTED, Outcome.INCONCLUSIVE
NOT_RUN, ERROR = Outcome.NOT_RUN, Outcome.ERROR
FAILURE = Failure(cell="f" * 32, title="pos last seed 1", error="x", traceback="y", attempts=2)


def status(outcomes, policy="accepted", *, accepted=(), excused=(), **changes):
    standings = [standing(f"c{i}", outcome) for i, outcome in enumerate(outcomes)]
    old = {f"c{i}": standing(f"c{i}", outcome) for i, outcome in enumerate(accepted)}
    return decide(verification(standings, accepted=old, **changes), policy, excused).status


@pytest.mark.parametrize(
    ("outcome", "accepted", "expected"),
    [
        (SUPPORTED, SUPPORTED, (0, 0, 0)),
        (REFUTED, REFUTED, (0, 1, 0)),
        (INCONCLUSIVE, INCONCLUSIVE, (0, 3, 0)),
        (REFUTED, SUPPORTED, (1, 1, 0)),
        (INCONCLUSIVE, SUPPORTED, (3, 3, 0)),
        (SUPPORTED, REFUTED, (3, 3, 0)),
        (Outcome.DOES_NOT_CONFORM, Outcome.CONFORMS, (1, 1, 0)),
    ],
)
def test_each_policy_has_its_status(outcome, accepted, expected):
    for policy, number in zip(("accepted", "strict", "report"), expected, strict=True):
        # A second claim that is as it should be: the worst decides.
        assert status([outcome, SUPPORTED], policy, accepted=[accepted, SUPPORTED]) == number


@pytest.mark.parametrize("outcome,number", [(SUPPORTED, 0), (REFUTED, 1), (INCONCLUSIVE, 3)])
def test_without_a_baseline_only_what_is_good_in_itself_passes(outcome, number):
    assert status([outcome]) == number


@pytest.mark.parametrize("policy", ["accepted", "strict", "report"])
def test_no_policy_and_no_excuse_covers_an_error(policy):
    assert status([ERROR, SUPPORTED], policy, accepted=[ERROR, SUPPORTED], excused={"c0"}) == 4


@pytest.mark.parametrize("policy", ["accepted", "strict", "report"])
def test_a_night_in_which_nothing_was_evaluated_is_never_a_success(policy):
    outcomes = [NOT_RUN, Outcome.NOT_APPLICABLE, Outcome.NOT_TESTABLE]
    assert status(outcomes, policy, accepted=outcomes, excused={"c0"}) == 5
    assert status([], policy) == 5


@pytest.mark.parametrize("policy", ["accepted", "strict", "report"])
def test_a_stored_cell_that_does_not_come_out_again_is_a_failure(policy):
    checks = [Recheck(cell="a" * 32, title="pos last seed 0", same=False)]
    assert status([SUPPORTED], policy, rechecks=checks) == 4


def test_a_cell_that_failed_is_a_failure():
    found = verification([standing()])
    run = found.run.model_copy(update={"failures": (FAILURE,)})
    failed = type(found)(**{**vars(found), "run": run})
    assert decide(failed, "report").status == 4


def test_a_refuted_claim_in_quarantine_does_not_fail_the_job():
    assert status([REFUTED, SUPPORTED], excused={"c0"}) == 0


def test_a_push_does_not_complain_of_claims_that_only_nights_run():
    assert status([NOT_RUN, SUPPORTED], accepted=[SUPPORTED, SUPPORTED], tier="push") == 0
    assert status([NOT_RUN, SUPPORTED], accepted=[SUPPORTED, SUPPORTED]) == 3


def test_a_moved_estimate_fails_only_the_strict_policy():
    found = verification([standing(estimate=estimate(9.0))], accepted={"one": standing()})
    assert [decide(found, policy).status for policy in ("accepted", "strict", "report")] == [
        0,
        3,
        0,
    ]


@pytest.mark.parametrize(("control", "numbers"), [("passed", (0, 0, 0)), ("failed", (1, 1, 0))])
@pytest.mark.parametrize("outcome", [SUPPORTED, REFUTED, INCONCLUSIVE])
def test_of_a_control_it_counts_whether_it_is_as_it_must_be(outcome, control, numbers):
    made = standing(outcome=outcome, control=control)
    found = verification([made], accepted={"one": made})
    policies = ("accepted", "strict", "report")
    assert tuple(decide(found, policy).status for policy in policies) == numbers

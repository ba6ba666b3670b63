from reproduce.judge import judge_claims
from reproduce.judge.contract import Contract, conclude
from reproduce.judge.judging import judge_observed
from reproduce.judge.not_testable import NotTestable
from reproduce.judge.simulation import Shape, simulated_design
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.record import Check
from tests.judge.support import make_claim, make_setting


def verdict_of(checks):
    design = simulated_design(Shape(layers=(None,), units=2))
    claim = make_claim(Contract())
    [verdict] = judge_observed(
        [(claim, design)],
        [conclude(checks)],
        setting=make_setting(),
        family_sizes={"a-family": 9},
    )
    return verdict


def test_a_contract_conforms_if_every_check_holds():
    verdict = verdict_of([Check(name="shape", holds=True), Check(name="gate", holds=True)])
    assert verdict.outcome is Outcome.CONFORMS
    assert verdict.reason == "Conforms: all 2 checks hold."


def test_one_broken_check_is_named():
    verdict = verdict_of(
        [Check(name="shape", holds=True), Check(name="gate", holds=False, detail="1.2 is above 1")]
    )
    assert verdict.outcome is Outcome.DOES_NOT_CONFORM
    assert "gate (1.2 is above 1)" in verdict.reason
    assert verdict.support is None


def test_a_single_check_is_not_counted():
    assert verdict_of([Check(name="gate", holds=True)]).reason == "Conforms: the check holds."
    broken = verdict_of([Check(name="gate", holds=False)])
    assert broken.reason == "Does not conform: the check does not hold: gate."


def test_what_is_not_testable_needs_no_records():
    design = simulated_design(Shape(layers=(None,), units=2))
    claim = make_claim(NotTestable(why="It says that something is discussed."))
    [verdict] = judge_claims([(claim, design)], {}, setting=make_setting(), family_sizes={})
    assert verdict.outcome is Outcome.NOT_TESTABLE
    assert verdict.reason == "Not testable as printed: It says that something is discussed."

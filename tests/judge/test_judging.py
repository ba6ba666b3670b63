import numpy as np
import pytest

from reproduce.errors import ReproduceError
from reproduce.judge import judge_claims
from reproduce.judge.margin import Margin
from reproduce.judge.observations import Slice
from reproduce.judge.simulation import (
    Shape,
    score_record,
    segment_record,
    simulated_design,
    simulated_records,
)
from reproduce.nouns.cell import cell_id
from reproduce.nouns.claim import criterion_digest
from reproduce.nouns.evidence import Evidence, Outcome
from reproduce.nouns.run import Failure
from tests.judge.support import judge_gains, make_claim, make_setting

GAINS = [1.0, 1.2, 0.3, 0.8, 0.9]
SHAPE = Shape(layers=(None,), units=5)


def parts():
    design = simulated_design(SHAPE)
    gains = np.array(GAINS)
    scores = {"pos": np.stack([np.full(5, 50.0), 50 + gains])}
    return design, simulated_records(design, scores)


def judged(design, records, *, failures=(), **changes):
    claim = make_claim(Margin(), **changes)
    [verdict] = judge_claims(
        [(claim, design)], records, failures, setting=make_setting(), family_sizes={}
    )
    return verdict


def failure_of(trial):
    return Failure(
        cell=cell_id(trial.cell), title="pos", error="out of memory", traceback="", attempts=2
    )


def test_a_failed_seed_is_left_out_and_said():
    design, records = parts()
    lost = design.trials[-1]
    del records[cell_id(lost.cell)]
    verdict = judged(design, records, failures=[failure_of(lost)])
    assert verdict.units == 4
    assert verdict.outcome is Outcome.SUPPORTED
    assert any("failed cells: pos add, unit 4" in note for note in verdict.notes)


def test_cells_that_have_not_run_leave_the_claim_not_run_with_its_estimates():
    design, records = parts()
    records[cell_id(design.trials[-1].cell)] = None
    verdict = judged(design, records)
    assert verdict.outcome is Outcome.NOT_RUN
    assert "1 of its 10 cells have not run" in verdict.reason
    assert verdict.estimates


def test_no_records_at_all_is_not_run_and_all_failed_is_an_error():
    design, _ = parts()
    assert judged(design, {}).outcome is Outcome.NOT_RUN
    failed = judged(design, {}, failures=[failure_of(t) for t in design.trials])
    assert failed.outcome is Outcome.ERROR
    assert "out of memory" in failed.reason


def test_one_arm_that_failed_altogether_is_an_error():
    design, records = parts()
    lost = [t for t in design.trials if t.arm.role == "treatment"]
    for trial in lost:
        del records[cell_id(trial.cell)]
    verdict = judged(design, records, failures=[failure_of(t) for t in lost])
    assert verdict.outcome is Outcome.ERROR
    assert "no unit of pos finished in all arms" in verdict.reason


def with_record(design, records, make):
    trial = design.trials[-1]
    return {**records, cell_id(trial.cell): make(trial.cell)}


TEST, DEV = Slice("last", "bb", "test"), Slice("last", "bb", "dev")
SOURCE_DEV = Slice("last", "aa", "dev")


def test_test_sets_of_different_length_are_an_error():
    design, records = parts()
    rows = np.array([[500_000, 1_000_000]])
    longer = {SOURCE_DEV: rows, DEV: rows, TEST: np.repeat(rows, 2, axis=0)}
    torn = with_record(design, records, lambda cell: segment_record(cell, longer))
    verdict = judged(design, torn)
    assert verdict.outcome is Outcome.ERROR
    assert "different length in bb: 1 and 2 sentences" in verdict.reason


def test_other_sentences_in_one_arm_are_an_error():
    design, records = parts()
    rows = {SOURCE_DEV: [[1, 2]], DEV: [[1, 2]], TEST: [[1, 2]]}
    other = with_record(
        design,
        records,
        lambda cell: segment_record(cell, {k: np.array(v) for k, v in rows.items()}),
    )
    verdict = judged(design, other)
    assert verdict.outcome is Outcome.ERROR
    assert "different sentences" in verdict.reason


def test_a_language_evaluated_in_some_arms_only_is_an_error():
    design, records = parts()
    fewer = with_record(design, records, lambda cell: score_record(cell, {TEST: 50.0}))
    verdict = judged(design, fewer)
    assert verdict.outcome is Outcome.ERROR
    assert "in some arms only" in verdict.reason


def test_an_empty_language_is_an_error():
    design, _ = parts()
    nothing = {SOURCE_DEV: [[1, 2]], DEV: [[1, 2]], TEST: [[0, 0]]}
    records = {
        cell_id(t.cell): segment_record(t.cell, {k: np.array(v) for k, v in nothing.items()})
        for t in design.trials
    }
    verdict = judged(design, records)
    assert verdict.outcome is Outcome.ERROR
    assert "nothing to score" in verdict.reason


@pytest.mark.parametrize("row", [[-1, 5], [7, 5]])
def test_a_record_that_contradicts_itself_is_an_error(row):
    design, records = parts()
    rows = {SOURCE_DEV: [[1, 2]], DEV: [[1, 2]], TEST: [row]}
    records = with_record(
        design,
        records,
        lambda cell: segment_record(cell, {k: np.array(v) for k, v in rows.items()}),
    )
    verdict = judged(design, records)
    assert verdict.outcome is Outcome.ERROR
    assert "contradicts itself" in verdict.reason


def test_arms_from_two_environments_are_not_paired():
    design, records = parts()
    where = {cell_id(t.cell): "gpu" if t.arm.role == "treatment" else "cpu" for t in design.trials}
    [verdict] = judge_claims(
        [(make_claim(Margin()), design)],
        records,
        setting=make_setting(),
        family_sizes={},
        environments=where,
    )
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert "different environments (cpu; gpu)" in verdict.reason


def test_a_claim_above_the_level_of_the_setting_is_not_applicable_with_its_estimates():
    verdict = judge_gains(Margin(), GAINS, min_evidence=Evidence.REPLICATION)
    assert verdict.outcome is Outcome.NOT_APPLICABLE
    assert verdict.estimates
    assert verdict.support is None


def test_a_setting_without_any_task_of_the_claim_is_not_applicable():
    design, _ = parts()
    empty = design.model_copy(update={"trials": (), "unavailable": {"pos": "no treebank"}})
    verdict = judged(empty, {})
    assert verdict.outcome is Outcome.NOT_APPLICABLE
    assert "no treebank" in verdict.reason


def test_a_claim_judged_alone_pays_for_its_whole_family():
    alone = judge_gains(Margin(), GAINS, family_sizes={"a-family": 40})
    assert alone.support.adjusted == pytest.approx(40 * alone.support.raw)
    assert alone.support.family_size == 40
    single = judge_gains(Margin(), GAINS, family_sizes={"a-family": 1})
    assert single.support.adjusted == single.support.raw


def test_a_claim_that_only_its_family_leaves_undecided_says_so():
    alone = judge_gains(Margin(), GAINS, family_sizes={"a-family": 1})
    assert alone.outcome is Outcome.SUPPORTED
    assert "Alone" not in alone.reason
    crowd = 1 + int(0.05 / alone.support.raw)
    among = judge_gains(Margin(), GAINS, family_sizes={"a-family": crowd})
    assert among.outcome is Outcome.INCONCLUSIVE
    assert f"Alone it would be supported; among the {crowd} claims" in among.reason


def test_a_control_is_never_adjusted():
    verdict = judge_gains(Margin(), GAINS, role="control", family_sizes={"a-family": 40})
    assert verdict.support.method == "none"
    assert verdict.support.adjusted == verdict.support.raw


def test_the_signature_names_everything_in_a_fixed_order():
    verdict = judge_gains(Margin(), GAINS, family_sizes={"a-family": 3})
    claim = make_claim(Margin())
    assert verdict.criterion == criterion_digest(claim)
    assert verdict.signature.split(" | ") == [
        f"claim {criterion_digest(claim)[:12]}",
        "gain > 0",
        "paired t over seeds, one-sided",
        "seed 5",
        "sentences 1",
        "alpha 0.05, holm 3",
        "look 1 of 1",
        verdict.signature.split(" | ")[-1],
    ]


def test_a_watermark_is_on_the_verdict():
    design, records = parts()
    [verdict] = judge_claims(
        [(make_claim(Margin()), design)],
        records,
        setting=make_setting(),
        family_sizes={},
        watermark="not evidence",
    )
    assert verdict.watermark == "not evidence"


def test_an_unjudgeable_record_is_an_error_of_the_package():
    from reproduce.judge.finding import Unjudgeable

    assert issubclass(Unjudgeable, ReproduceError)

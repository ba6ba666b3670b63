"""Whatever is wrong with the records, the outcome is defined, has its reason, and is no support."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reproduce.judge import judge_claims
from reproduce.judge.best_layer_differs import BestLayerDiffers
from reproduce.judge.equivalence import Equivalence
from reproduce.judge.holds_in_languages import HoldsInLanguages
from reproduce.judge.layer_trend import LayerTrend
from reproduce.judge.margin import Margin
from reproduce.judge.simulation import Shape, simulated_design, simulated_records
from reproduce.nouns.cell import cell_id
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.record import Record
from reproduce.nouns.run import Failure
from tests.judge.support import make_claim, make_setting

UNITS = 5
DECIDED = {Outcome.SUPPORTED, Outcome.REFUTED}
EXPECTATIONS = [
    Margin(),
    Equivalence(value="5", tolerance="2"),
    BestLayerDiffers(tie_tolerance="0.5"),
    LayerTrend(direction="rising"),
    HoldsInLanguages(at_least=1),
]


def not_a_number(record: Record) -> Record:
    rows = record.statistics.astype(float)
    rows[-1, 0] = np.nan
    return replace(record, statistics=rows)  # type: ignore[arg-type]


def negative(record: Record) -> Record:
    return replace(record, statistics=-record.statistics)


def shorter(record: Record) -> Record:
    """Without its last sentence: as if the test set had been another."""
    content = record.content
    *others, last = content.segments
    cut = last.model_copy(update={"stop": last.stop - 1})
    return replace(
        record,
        content=content.model_copy(update={"segments": (*others, cut)}),
        statistics=record.statistics[:-1],
        clusters=record.clusters[:-1],
    )


def without_a_language(record: Record) -> Record:
    content = record.content
    return replace(record, content=content.model_copy(update={"segments": content.segments[:-1]}))


def empty(record: Record) -> Record:
    return replace(record, statistics=np.zeros_like(record.statistics))


def other_metric(record: Record) -> Record:
    return replace(record, content=record.content.model_copy(update={"metric": "share"}))


DAMAGES = [not_a_number, negative, shorter, without_a_language, empty, other_metric]


def study():
    """A clear gain, a clear trend and clearly different best layers."""
    design = simulated_design(
        Shape(tasks=("pos", "ner"), layers=(1, 2, 3), units=UNITS, targets=("bb", "cc"))
    )
    rng = np.random.default_rng(0)
    means = {"pos": [50.0, 54, 55, 56], "ner": [50.0, 56, 55, 56.5]}
    scores = {t: np.array(m)[:, None] + rng.normal(0, 0.2, (4, UNITS)) for t, m in means.items()}
    return design, simulated_records(design, scores)


def judged(expect, design, records, failed=(), environments=None, **changes):
    failures = [
        Failure(cell=i, title="a cell", error="it broke", traceback="", attempts=2) for i in failed
    ]
    [verdict] = judge_claims(
        [(make_claim(expect, role="control", **changes), design)],
        records,
        failures,
        setting=make_setting(),
        family_sizes={},
        environments=environments,
    )
    return verdict


faults = st.lists(
    st.tuples(
        st.integers(0, 2 * 4 * UNITS - 1),
        st.sampled_from([*DAMAGES, "failed", "not run", "environment"]),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda fault: fault[0],
)


@pytest.mark.parametrize("expect", EXPECTATIONS, ids=lambda e: e.kind)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(faults=faults, inference=st.sampled_from(["this-test-set", "new-sentences"]))
def test_damaged_records_never_crash_and_never_decide(expect, faults, inference):
    design, records = study()
    ids = [cell_id(t.cell) for t in design.trials]
    failed, environments = set(), dict.fromkeys(ids, "one machine")
    for at, fault in faults:
        if fault in ("failed", "not run"):
            records.pop(ids[at])
            failed |= {ids[at]} if fault == "failed" else set()
        elif fault == "environment":
            environments[ids[at]] = "another machine"
        else:
            records[ids[at]] = fault(records[ids[at]])
    verdict = judged(expect, design, records, failed, environments, inference=inference)
    assert verdict.reason.endswith((".", "it is.", "procedure."))
    # A unit that lost a cell is left out with all its arms, so what else ails it does not matter.
    left_out = {
        (design.trials[at].arm.task, design.trials[at].unit) for at, f in faults if f == "failed"
    }
    ailing = [
        at
        for at, fault in faults
        if fault != "failed"
        and (
            fault in ("not run", "environment")
            or (design.trials[at].arm.task, design.trials[at].unit) not in left_out
        )
    ]
    if ailing:
        assert verdict.outcome not in DECIDED
    elif verdict.outcome in DECIDED:
        assert UNITS - len(faults) <= verdict.units < UNITS
        assert any("left out" in note for note in verdict.notes)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda d: d.__name__)
def test_one_damaged_record_is_an_error_that_says_what_is_wrong(damage):
    design, records = study()
    broken = cell_id(design.trials[0].cell)
    verdict = judged(Margin(), design, {**records, broken: damage(records[broken])})
    assert verdict.outcome is Outcome.ERROR
    words = {
        "not_a_number": "contradicts itself",
        "negative": "contradicts itself",
        "shorter": "different length",
        "without_a_language": "in some arms only",
        "empty": "different sentences",
        "other_metric": "is scored by share in one arm",
    }
    assert words[damage.__name__] in verdict.reason


def test_a_seed_that_failed_in_one_arm_is_left_out_of_both():
    design, records = study()
    lost = cell_id(design.trials[0].cell)
    del records[lost]
    verdict = judged(Margin(), design, records, {lost})
    assert verdict.outcome is Outcome.SUPPORTED
    assert verdict.units == UNITS - 1
    assert "pos: 1 of the planned units lack a cell and are left out" in verdict.notes


@pytest.mark.parametrize("level", [0.0, 100.0])
@pytest.mark.parametrize("expect", EXPECTATIONS, ids=lambda e: e.kind)
def test_scores_at_the_end_of_the_scale_in_all_arms_decide_nothing(expect, level):
    design, _ = study()
    scores = {t: np.full((4, UNITS), level) for t in ("pos", "ner")}
    verdict = judged(expect, design, simulated_records(design, scores))
    assert verdict.outcome is Outcome.INCONCLUSIVE

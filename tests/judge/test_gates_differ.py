from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reproduce.judge.gates_differ import GatesDiffer
from reproduce.judge.judging import judge_claims
from reproduce.judge.outlook import prospects
from reproduce.judge.simulation import Shape, simulated_design, simulated_records
from reproduce.nouns.cell import cell_id
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.record import GATE_NUMBERS
from tests.judge.support import make_claim, make_setting

TARGETS = ("bb", "cc")


def judge_gates(differences, *, base=60.0, tokens=(10, 10), margin="1.0", strip=False):
    """The verdict where the first task's gate lies so many points above the second's.

    `differences` is [layers, units]; the two languages lie half a point to either side.
    """
    differences = np.asarray(differences, dtype=float)
    layers, units = differences.shape
    shape = Shape(
        tasks=("pos", "ner"), layers=tuple(range(1, layers + 1)), units=units, targets=TARGETS
    )
    design = simulated_design(shape)
    scores = {task: np.full((layers + 1, units), 50.0) for task in shape.tasks}
    records = simulated_records(design, scores)
    for trial in design.trials:
        if trial.arm.fusion.layer is None or strip:
            continue
        mean = base + differences[trial.arm.fusion.layer - 1, trial.unit] * (
            trial.arm.task == "pos"
        )
        measures = {
            f"gate/{code}/all": _numbers(mean + side, count)
            for code, side, count in zip(TARGETS, (0.5, -0.5), tokens, strict=True)
        }
        record = records[cell_id(trial.cell)]
        content = record.content.model_copy(update={"measures": measures})
        records[cell_id(trial.cell)] = replace(record, content=content)
    claim = make_claim(GatesDiffer(margin=margin))
    [verdict] = judge_claims([(claim, design)], records, setting=make_setting(), family_sizes={})
    return verdict


def _numbers(points, tokens):
    numbers = dict.fromkeys(GATE_NUMBERS, 0.1) | {"mean": points / 100, "tokens": float(tokens)}
    return tuple(numbers.values())


def noisy(mean, seed=0, units=8, sd=0.3):
    return mean + sd * np.random.default_rng(seed).standard_normal(units)


def test_a_clear_difference_in_either_direction_supports():
    for mean in (4.0, -4.0):
        verdict = judge_gates([noisy(mean)])
        assert verdict.outcome is Outcome.SUPPORTED
        assert verdict.estimates[0].value == pytest.approx(noisy(mean).mean(), abs=1e-6)


def test_gates_that_are_clearly_the_same_refute():
    verdict = judge_gates([noisy(0.1)])
    assert verdict.outcome is Outcome.REFUTED
    assert "less than 1 point in size" in verdict.reason


def test_a_difference_at_the_margin_is_undecided():
    verdict = judge_gates([noisy(1.0)])
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert verdict.settle is not None


def test_one_layer_without_a_difference_refutes_the_claim_about_all():
    verdict = judge_gates([noisy(4.0), noisy(0.0, seed=1)])
    assert verdict.outcome is Outcome.REFUTED
    assert "at layer 2" in verdict.reason


def test_every_layer_must_differ_to_support():
    verdict = judge_gates([noisy(4.0), noisy(-5.0, seed=1)])
    assert verdict.outcome is Outcome.SUPPORTED
    assert [e.name for e in verdict.estimates][0] == "gate at layer 1, pos minus ner"


def test_the_reason_tells_how_much_of_the_last_layer_each_task_takes():
    verdict = judge_gates([noisy(4.0, sd=0.01)])
    assert "the gate of pos takes 64.0 % of the last layer, that of ner 60.0 %" in verdict.reason


def test_notes_set_seeds_beside_sentences_and_tokens():
    [note, *_] = [n for n in judge_gates([noisy(4.0)]).notes if n.startswith("pos at layer 1")]
    assert "over seeds, 10.00 over sentences, 10.00 over tokens" in note


def test_records_without_gates_are_an_error_that_says_so():
    verdict = judge_gates([noisy(4.0)], strip=True)
    assert verdict.outcome is Outcome.ERROR
    assert "has no gate in bb" in verdict.reason


def test_a_micro_average_weighs_languages_by_their_tokens():
    items = {i.name: i for i in judge_gates([noisy(4.0)], tokens=(30, 10)).sensitivity}
    assert items["micro average over languages"].outcome is Outcome.SUPPORTED


def test_one_unit_decides_nothing():
    assert judge_gates([[4.0]]).outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize("truth", [1.0, -1.0])
@pytest.mark.parametrize("sd", [0.1, 3.0])
def test_at_the_boundary_a_wrong_verdict_has_at_most_the_promised_probability(truth, sd):
    """Both verdicts are wrong at the boundary; the sd reaches from small to large against it."""
    from reproduce.judge.gates_differ import above, below
    from reproduce.judge.quantity import Quantity, Sample
    from reproduce.statistics.paired import summarise

    class Observed:
        method = "t"

    rng = np.random.default_rng(7)
    runs, wrong = 3000, {"support": 0, "refute": 0}
    for values in truth + sd * rng.standard_normal((runs, 6)):
        q = Quantity("layer 1", "", "", Sample(values, summarise(values)))
        outside = 2 * min(above(q, 1.0, Observed), below(q, -1.0, Observed))
        inside = max(above(q, -1.0, Observed), below(q, 1.0, Observed))
        wrong["support"] += outside < 0.05
        wrong["refute"] += inside < 0.05
    limit = 0.05 + 3 * (0.05 * 0.95 / runs) ** 0.5
    assert wrong["support"] / runs < limit
    assert wrong["refute"] / runs < limit


def test_prospects_say_when_the_claim_cannot_be_refuted():
    claim = make_claim(GatesDiffer())
    wide, narrow = (
        prospects(claim, tasks=2, layers=3, n=8, sd=sd, alpha_adjusted=0.05) for sd in (5.0, 0.2)
    )
    assert (wide.can_be_refuted, narrow.can_be_refuted) == (False, True)
    assert wide.seeds_needed > 8

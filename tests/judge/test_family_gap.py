from __future__ import annotations

import numpy as np
import pytest

from reproduce.judge.family_gap import FamilyGap, table_of
from reproduce.judge.judging import judge_claims
from reproduce.judge.observations import observe
from reproduce.judge.simulation import Shape, simulated_design, simulated_records
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.pair import pair_name
from tests.judge.support import make_claim, make_setting

CODES = ("bb", "cc", "dd", "ee", "ff", "gg", "hh")
FAMILIES = ("a", "a", "a", "a", "b", "b", "b")


def scores(gap: float, seed: int = 0) -> np.ndarray:
    """What languages give to each other, from row to column."""
    rng = np.random.default_rng(seed)
    same = np.array([[x == y for y in FAMILIES] for x in FAMILIES])
    return 50 + 3 * rng.normal(size=7) + 0.2 * rng.normal(size=(7, 7)) + gap * same


def transfer(values, units=1):
    shape = Shape(units=units, targets=CODES, labels=CODES, families=FAMILIES)
    design = simulated_design(shape)
    return design, simulated_records(design, {"pos": np.repeat(values[:, None, :], units, axis=1)})


def judged(design, records, expect=None, **changes):
    claim = make_claim(expect or FamilyGap(margin="5"), unit="language", role="control", **changes)
    [verdict] = judge_claims([(claim, design)], records, setting=make_setting(), family_sizes={})
    return verdict


@pytest.mark.parametrize(
    ("gap", "outcome"),
    [(12.0, Outcome.SUPPORTED), (5.0, Outcome.INCONCLUSIVE), (0.0, Outcome.REFUTED)],
)
def test_a_gap_is_held_against_the_margin(gap, outcome):
    verdict = judged(*transfer(scores(gap)))
    assert verdict.outcome is outcome
    assert verdict.estimates[0].value == pytest.approx(gap, abs=1)
    assert "7 languages with a relative" in verdict.reason


def test_too_few_languages_with_a_gap_leave_a_large_mean_undecided():
    values = scores(30.0)
    values[4:, 4:] -= 40  # the second family helps itself least: three of seven go the other way
    verdict = judged(*transfer(values), FamilyGap(margin="0"))
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert "4 of 7 show a gap above 0 (claimed: at least 6)" in verdict.reason


def test_seeds_are_averaged():
    design, records = transfer(scores(9.0), units=3)
    seen = observe(design, records, {})
    table = table_of(seen, seen.tasks["pos"])
    off = ~np.eye(7, dtype=bool)
    np.testing.assert_allclose(table.values[off], scores(9.0)[off], atol=1e-3)


def test_pairs_make_a_symmetric_table_over_the_mean_of_layers():
    pairs = tuple(pair_name(a, b) for i, a in enumerate(CODES) for b in CODES[i + 1 :])
    design = simulated_design(Shape(units=1, targets=pairs, labels=("layer 1", "layer 2")))
    design = design.model_copy(update={"families": dict(zip(CODES, FAMILIES, strict=True))})
    same = [FAMILIES[CODES.index(p[:2])] == FAMILIES[CODES.index(p[-2:])] for p in pairs]
    noise = np.random.default_rng(0).normal(size=len(pairs))
    layer = 40 + noise + 20 * np.array(same)
    records = simulated_records(design, {"pos": np.stack([layer, layer + 2])[:, None, :]})
    seen = observe(design, records, {})
    table = table_of(seen, seen.tasks["pos"])
    assert table.languages == CODES
    np.testing.assert_allclose(table.values, table.values.T)
    assert table.values[0, 1] == pytest.approx(41 + noise[0] + 20, abs=1e-3)
    assert judged(design, records).outcome is Outcome.SUPPORTED


def test_the_correlation_with_distance_is_told_beside_the_verdict():
    design, records = transfer(scores(12.0))
    distances = {
        pair_name(a, b): float(FAMILIES[i] != FAMILIES[j])
        for i, a in enumerate(CODES)
        for j, b in enumerate(CODES)
        if i < j
    }
    verdict = judged(design.model_copy(update={"distances": distances}), records)
    [found] = [e for e in verdict.estimates if e.scale == "rho"]
    assert found.value < -0.5 and found.n == 21


def test_without_any_family_there_is_nothing_to_judge():
    design, records = transfer(scores(0.0))
    alone = design.model_copy(update={"families": {code: code for code in CODES}})
    verdict = judged(alone, records)
    assert verdict.outcome is Outcome.NOT_APPLICABLE
    assert "a relative and a stranger" in verdict.reason


def test_a_variant_that_is_absent_is_not_applicable():
    design, _ = transfer(scores(0.0))
    absent = design.model_copy(update={"trials": (), "unavailable": {"no-kinship": "not made"}})
    verdict = judged(absent, {})
    assert verdict.outcome is Outcome.NOT_APPLICABLE and "not made" in verdict.reason

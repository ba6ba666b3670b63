from __future__ import annotations

import numpy as np
import pytest

from reproduce.judge.judging import judge_claims
from reproduce.judge.layer_division import LayerDivision
from reproduce.judge.observations import Slice
from reproduce.judge.simulation import score_record
from reproduce.nouns.cell import Fusion, cell_id
from reproduce.nouns.design import Arm, Design, Trial
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.probe import Probe
from tests.judge.support import make_claim, make_setting

LANGUAGES = tuple("bcdefghi")
SPLIT = LayerDivision(lower=("retrieval",), upper=("pos_probe",))


def judged(curves, controls=None, expect=SPLIT, **changes):
    """Measures by layer, from 1, that differ a little between languages, the unit."""
    rng = np.random.default_rng(0)
    trials, records = [], {}
    for task, by_role in (("treatment", curves), ("baseline", controls or {})):
        for measure, means in by_role.items():
            for layer, mean in enumerate(means, start=1):
                fusion = Fusion(kind="layer", layer=layer)
                arm = Arm(task=measure, fusion=fusion, role=task)
                labels = "gold" if task == "treatment" else "control"
                cell = Probe(model="m", task=measure, fusion=fusion, labels=labels, steps={})
                noise = rng.normal(0, 0.3, len(LANGUAGES))
                scores = {
                    Slice("last", c, "test"): mean + n
                    for c, n in zip(LANGUAGES, noise, strict=True)
                }
                trials.append(Trial(arm=arm, unit=0, cell=cell))
                records[cell_id(cell)] = score_record(cell, scores)
    design = Design(
        claim="c", trials=tuple(trials), source_language="a", targets=LANGUAGES, looks=(8,)
    )
    claim = make_claim(expect, unit="language", role="control", **changes)
    [verdict] = judge_claims([(claim, design)], records, setting=make_setting(), family_sizes={})
    return verdict


FALLING, RISING, ARCH = (60, 58, 50, 48, 42, 40), (40, 42, 48, 50, 58, 60), (40, 45, 70, 68, 60, 58)


@pytest.mark.parametrize(
    ("retrieval", "pos", "outcome"),
    [
        (FALLING, RISING, Outcome.SUPPORTED),
        (RISING, RISING, Outcome.REFUTED),
        (FALLING, FALLING, Outcome.REFUTED),
        (ARCH, RISING, Outcome.REFUTED),
        (FALLING, (50,) * 6, Outcome.INCONCLUSIVE),
    ],
)
def test_both_halves_of_the_claim_must_hold(retrieval, pos, outcome):
    assert judged({"retrieval": retrieval, "pos_probe": pos}).outcome is outcome


def test_a_probe_is_judged_by_its_lead_over_its_control():
    curves = {"retrieval": FALLING, "pos_probe": RISING}
    verdict = judged(curves, controls={"pos_probe": RISING})  # all of the rise is capacity
    assert verdict.outcome is not Outcome.SUPPORTED
    assert any(e.name.startswith("pos_probe over its control") for e in verdict.estimates)


def test_the_peak_of_each_measure_is_told():
    verdict = judged({"retrieval": ARCH, "pos_probe": RISING})
    [note] = [n for n in verdict.notes if n.startswith("retrieval is highest")]
    assert "layer 3 of layers 1 to 6" in note and "above the last" in note


def test_named_layers_are_compared():
    expect = LayerDivision(
        lower=("retrieval",), upper=("pos_probe",), lower_layers=(3,), upper_layers="last"
    )
    assert judged({"retrieval": ARCH, "pos_probe": RISING}, expect=expect).outcome is (
        Outcome.SUPPORTED
    )


def test_a_measure_that_was_not_made_is_not_applicable():
    verdict = judged({"retrieval": FALLING})
    assert verdict.outcome is Outcome.NOT_APPLICABLE
    assert "pos_probe is not available" in verdict.reason


def test_a_measure_cannot_be_on_both_sides():
    with pytest.raises(ValueError, match="alike"):
        LayerDivision(lower=("x",), upper=("x",))

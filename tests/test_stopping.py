from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reproduce.experiments.fusion_sweep import FusionSweep, Seeds
from reproduce.judge import judge_claims
from reproduce.judge.margin import Margin
from reproduce.judge.simulation import Shape, simulated_design, simulated_records
from reproduce.nouns.claim import Claim
from reproduce.nouns.run import PlannedClaim, Run
from reproduce.nouns.setting import Setting
from reproduce.provenance import collect
from reproduce.stopping import labelled, undeclared_looks
from reproduce.store import Store, runs
from tests.judge.support import make_claim, make_setting

GAINS = np.array([1.0, 2.5, 0.5, 1.5, 2.0, -0.5, 1.0, 3.0, 1.0, 1.5, 0.0, 2.0])
SETTING = make_setting()
PROVENANCE = collect()


def claim(*looks: int, margin: str = "0", **changes: object) -> Claim:
    experiment = FusionSweep(tasks=("pos",), languages="all", seeds=Seeds(looks=looks))
    return make_claim(Margin(margin=margin), experiment=experiment, **changes)


def planned(of: Claim, look: int):
    looks = of.experiment.seeds.looks
    shape = Shape(layers=(None,), units=looks[look], looks=looks, look=look)
    return of, simulated_design(shape)


def judged(store: Store, of: Claim, look: int = 0, setting: Setting = SETTING, *, records=True):
    """The verdict of a claim at one of its looks, which is then stored as a run."""
    of, design = planned(of, look)
    units = design.looks[look]
    scores = {"pos": np.stack([np.full(units, 50.0), 50 + GAINS[:units]])}
    found = simulated_records(design, scores) if records else {}
    [verdict] = judge_claims([(of, design)], found, setting=setting, family_sizes={})
    verdict = labelled(verdict, undeclared_looks(store, [(of, design)], setting).get(of.id, ""))
    count = len(runs.ids(store))
    runs.save(
        store,
        Run(
            id=f"2026010{count + 1}T000000Z-{count:08x}",
            started="2026-01-01T00:00:00+00:00",
            finished="2026-01-01T00:00:01+00:00",
            command="reproduce run",
            setting=setting,
            overrides=(),
            claims=(PlannedClaim(claim=of, file="a.yaml", text="", design=design),),
            model={},
            reused=0,
            trained=units if records else 0,
            failures=(),
            not_run=(),
            verdicts=(verdict,),
            provenance=PROVENANCE,
            executor="inline",
            seconds=1.0,
        ),
    )
    return verdict


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def test_declared_looks_are_no_optional_stopping(store: Store) -> None:
    assert judged(store, claim(8, 12)).stopping == ""
    assert judged(store, claim(8, 12)).stopping == ""
    assert judged(store, claim(8, 12), look=1).stopping == ""


@pytest.mark.parametrize(
    ("first", "then", "look"),
    [
        ((8,), (12,), 0),
        ((8,), (8, 12), 1),
        ((8,), (8, 12), 0),
        ((8, 12), (12,), 0),
        ((12,), (8,), 0),
    ],
)
def test_looks_that_were_declared_after_a_look_are_labelled_everywhere(
    store: Store, first: tuple[int, ...], then: tuple[int, ...], look: int
) -> None:
    judged(store, claim(*first))
    verdict = judged(store, claim(*then), look)
    assert verdict.stopping.startswith("Optional stopping: it was judged before, at ")
    assert f"when the looks were {list(first)}; now they are {list(then)}" in verdict.stopping
    assert "Optional stopping" in verdict.reason
    assert verdict.stopping in verdict.notes
    assert ", optional stopping | reproduce" in verdict.signature


def test_another_id_or_family_does_not_hide_the_earlier_look(store: Store) -> None:
    judged(store, claim(8))
    other = claim(12, id="another", family="another", role="exploratory", alpha=0.1)
    assert judged(store, other).stopping


def test_another_question_is_another_claim(store: Store) -> None:
    judged(store, claim(8))
    assert judged(store, claim(12, margin="1")).stopping == ""


def test_another_setting_has_other_data(store: Store) -> None:
    judged(store, claim(8))
    other = SETTING.model_copy(update={"checkpoint": "another"})
    assert judged(store, claim(12), setting=other).stopping == ""


def test_what_was_not_tested_was_not_looked_at(store: Store) -> None:
    assert judged(store, claim(8), records=False).outcome == "not run"
    assert judged(store, claim(12)).stopping == ""


def test_once_labelled_going_on_does_not_wash_it_off(store: Store) -> None:
    judged(store, claim(8))
    judged(store, claim(12))
    assert "at 8" in judged(store, claim(12)).stopping


def test_a_run_that_cannot_be_read_stops_no_later_verdict(tmp_path: Path) -> None:
    store = Store(tmp_path)
    judged(store, claim(4, 8))
    judged(store, claim(6, 12))
    first, _ = sorted((tmp_path / "runs").iterdir())
    first.write_bytes(first.read_bytes()[:100])
    of, design = planned(claim(5, 10), 0)
    found = undeclared_looks(store, [(of, design)], SETTING)
    assert "[6, 12]" in found[of.id] and "[4, 8]" not in found[of.id]

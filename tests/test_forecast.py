from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import reproduce.forecast as module
from reproduce.book import BookClaim
from reproduce.experiments.fusion_sweep import FusionSweep, Seeds
from reproduce.forecast import ClaimForecast, forecast
from reproduce.judge.contract import Contract
from reproduce.judge.margin import Margin
from reproduce.judge.simulation import simulated_records
from reproduce.nouns.cell import Whereabouts
from reproduce.nouns.claim import Claim
from reproduce.nouns.expectation import Expectation
from reproduce.plan import plan
from reproduce.session import Prepared, Request
from reproduce.store import Store
from tests.judge.support import make_claim
from tests.scenes import make_scene

GAINS = np.array([1.0, 2.5, 0.5, 1.5, 2.0, -0.5, 1.0, 3.0])


def expected(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    *,
    stored: int,
    expect: Expectation | None = None,
    ner_sd: float | None = None,
    **changes: object,
) -> ClaimForecast:
    """The forecast of a claim of two tasks whose first seeds lie in the store."""
    experiment = FusionSweep(
        tasks=("pos", "ner"), fusion="add", layers=(1,), languages="all", seeds=Seeds(looks=(8,))
    )
    claim: Claim = make_claim(
        expect or Margin(), **{"experiment": experiment, "role": "control", **changes}
    )
    scene = make_scene()
    ner = scene.setting.tasks["ner"].model_copy(update={"seed_sd": ner_sd})
    tasks = {**scene.setting.tasks, "ner": ner}
    scene = scene.model_copy(update={"setting": scene.setting.model_copy(update={"tasks": tasks})})
    planned = plan([claim], scene)
    [design] = planned.designs
    scores = {"pos": np.stack([np.full(8, 50.0), 50 + GAINS])}
    scores["ner"] = np.stack([np.full(8, 50.0), 50 + 2 * GAINS])
    first = design.model_copy(update={"trials": tuple(t for t in design.trials if t.unit < stored)})
    records = simulated_records(first, scores)
    monkeypatch.setattr(module, "load_records", lambda store, ids: {i: records[i] for i in ids})
    request = Request(
        claims=(BookClaim(claim, "a.yaml", "", None),),  # type: ignore[arg-type]
        setting=scene.setting,
        family_sizes={},
        store=Store(folder),
    )
    prepared = Prepared(request, scene, Whereabouts(checkpoints={}), planned, frozenset(records))
    return forecast(prepared).claims[0]


def test_without_records_the_setting_states_how_much_seeds_differ(monkeypatch, tmp_path):
    found = expected(monkeypatch, tmp_path, stored=0)
    [spread] = found.spreads
    assert (spread.sd, spread.known_from) == (1.0, "stated by the setting")
    assert found.prospects.mde == pytest.approx(0.98, abs=0.005)


def test_a_task_may_state_a_figure_of_its_own(monkeypatch, tmp_path):
    found = expected(monkeypatch, tmp_path, stored=0, ner_sd=3.0)
    assert [(s.task, s.sd) for s in found.spreads] == [("pos", 1.0), ("ner", 3.0)]
    assert {s.known_from for s in found.spreads} == {"stated by the setting"}
    assert found.prospects.mde == found.spreads[1].mde > found.spreads[0].mde


def test_too_few_units_leave_the_settings_figure(monkeypatch, tmp_path):
    assert expected(monkeypatch, tmp_path, stored=4).spreads[0].pilot == 0


def test_a_pilot_in_the_store_takes_its_place_for_each_task(monkeypatch, tmp_path):
    found = expected(monkeypatch, tmp_path, stored=6)
    sd = GAINS[:6].std(ddof=1)
    assert [s.task for s in found.spreads] == ["pos", "ner"]
    assert [s.sd for s in found.spreads] == pytest.approx([sd, 2 * sd], rel=1e-5)
    assert found.spreads[0].known_from == "from a pilot of 6 units in the store"
    assert found.spreads[0].low < sd < found.spreads[0].high


def test_the_task_whose_units_differ_most_decides_what_can_be_found(monkeypatch, tmp_path):
    found = expected(monkeypatch, tmp_path, stored=8)
    pos, ner = (s.mde for s in found.spreads)
    assert ner == pytest.approx(2 * pos, rel=1e-5)
    assert found.prospects.mde == ner


def test_nothing_is_said_of_languages_before_a_first_run(monkeypatch, tmp_path):
    found = expected(monkeypatch, tmp_path, stored=0, unit="language")
    assert (found.spreads, found.prospects.mde) == ((), None)
    assert "not known before a first run" in found.prospects.text


def test_exact_checks_have_no_spread(monkeypatch, tmp_path):
    found = expected(monkeypatch, tmp_path, stored=8, expect=Contract())
    assert found.spreads == ()
    assert found.prospects.can_be_refuted

"""What a run costs by kind of experiment."""

from __future__ import annotations

from pathlib import Path

import pytest

from reproduce.book import BookClaim
from reproduce.experiments.gate_dynamics import GateDynamics
from reproduce.forecast import ExperimentCost, forecast
from reproduce.nouns.cell import Whereabouts, cell_id
from reproduce.nouns.claim import Claim
from reproduce.plan import plan
from reproduce.session import Prepared, Request
from reproduce.store import Store
from tests.experiments.test_fusion_sweep import sweep
from tests.scenes import make_scene


def costs(folder: Path, claims: list[Claim], stored: int = 0) -> tuple[ExperimentCost, ...]:
    """Costs by experiment with the first so many cells in the store, two seconds a cell."""
    scene = make_scene()
    tasks = {
        n: t.model_copy(update={"seconds_per_cell": 2.0}) for n, t in scene.setting.tasks.items()
    }
    setting = scene.setting.model_copy(update={"tasks": tasks})
    scene = scene.model_copy(update={"setting": setting})
    planned = plan(claims, scene)
    request = Request(
        claims=tuple(BookClaim(c, "a.yaml", "", None) for c in claims),  # type: ignore[arg-type]
        setting=setting,
        family_sizes={},
        store=Store(folder),
    )
    there = frozenset(list(planned.cells)[:stored])
    prepared = Prepared(request, scene, Whereabouts(checkpoints={}), planned, there)
    assert len(planned.cells) == len({cell_id(c) for c in planned.cells.values()})
    return forecast(prepared).by_experiment


def two_kinds() -> list[Claim]:
    """A sweep over POS, and gates over POS and NER, which have POS's fused cells in common."""
    swept = sweep(layers=(1,))
    gates = GateDynamics(tasks=("pos", "ner"), layers=(1,), languages="all", seeds={"looks": (2,)})
    other = swept.model_copy(update={"id": "gates", "experiment": gates})
    return [swept, other]


def test_a_cell_that_two_experiments_need_is_counted_with_the_first(tmp_path: Path) -> None:
    first, second = costs(tmp_path, two_kinds())
    assert (first.kind, first.claims, first.cells, first.shared) == ("fusion_sweep", 1, 4, 0)
    assert (second.kind, second.claims, second.cells, second.shared) == ("gate_dynamics", 1, 4, 2)


def test_costs_add_up_to_the_whole_run(tmp_path: Path) -> None:
    found = costs(tmp_path, two_kinds())
    assert [cost.seconds for cost in found] == [8.0, 4.0]
    assert sum(cost.cells - cost.shared for cost in found) == 6


def test_what_is_stored_costs_nothing_more(tmp_path: Path) -> None:
    (cost,) = costs(tmp_path, two_kinds()[:1], stored=3)
    assert (cost.stored, cost.seconds, cost.seconds_left) == (3, 8.0, 2.0)


def test_a_cost_is_unknown_where_a_task_was_never_timed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reproduce.plan.cell_seconds", lambda cell, scene, measured: None)
    (cost,) = costs(tmp_path, two_kinds()[:1])
    assert (cost.seconds, cost.seconds_left) == (None, None)

from __future__ import annotations

import pytest
from pydantic import ValidationError

from reproduce.experiments import design, quickened
from reproduce.experiments.fusion_sweep import Seeds
from reproduce.experiments.gate_dynamics import GateDynamics
from reproduce.judge.gates_differ import GatesDiffer
from reproduce.nouns.cell import cell_id
from reproduce.nouns.claim import Claim
from tests.experiments.test_fusion_sweep import kinds, sweep
from tests.scenes import make_scene


def dynamics(**changes: object) -> Claim:
    fields: dict[str, object] = {
        "tasks": ("pos", "ner"),
        "layers": (1, 3),
        "languages": "all",
        "seeds": Seeds(looks=(2,)),
        **changes,
    }
    return sweep().model_copy(
        update={
            "experiment": GateDynamics(**fields),  # type: ignore[arg-type]
            "expect": GatesDiffer(),
        }
    )


def test_both_tasks_are_fused_at_the_layers_of_the_claim() -> None:
    made = design(dynamics(), make_scene(layers=4))
    assert kinds(made) == [("dlfa", 1), ("dlfa", 3)]
    assert {t.arm.task for t in made.trials} == {"pos", "ner"}
    assert len(made.trials) == 2 * 2 * 2


def test_its_cells_are_those_of_a_fusion_sweep() -> None:
    scene = make_scene()
    gates = {cell_id(t.cell) for t in design(dynamics(), scene).trials}
    fused = {cell_id(t.cell) for t in design(sweep(tasks=("pos", "ner")), scene).trials}
    assert gates <= fused


def test_one_task_alone_is_refused() -> None:
    with pytest.raises(ValidationError):
        GateDynamics(tasks=("pos",), languages="all", seeds=Seeds(looks=(2,)))


def test_a_task_that_the_setting_lacks_is_noted() -> None:
    scene = make_scene(tasks=("pos",)).model_copy(update={"unavailable": {"ner": "not here"}})
    assert design(dynamics(), scene).unavailable == {"ner": "not here"}


def test_quick_keeps_two_seeds_and_one_layer() -> None:
    scene = make_scene(layers=5)
    made = design(quickened(dynamics(layers="all"), scene), scene)
    assert kinds(made) == [("dlfa", 3)]
    assert {t.unit for t in made.trials} == {0, 1}

from __future__ import annotations

import pytest
from pydantic import ValidationError

from reproduce.experiments import design, needs_of, quickened
from reproduce.experiments.structure_ablation import StructureAblation
from reproduce.judge.interaction import Interaction, Side
from reproduce.nouns.claim import Claim
from reproduce.nouns.scene import Scene
from tests.experiments.test_fusion_sweep import sweep
from tests.scenes import make_scene

TRANSFER = Interaction(larger=Side(languages="targets"), smaller=Side(languages="source"))


def ablation(name: str = "scrambled", **changes: object) -> Claim:
    fields: dict[str, object] = {
        "tasks": ("pos",),
        "ablation": name,
        "languages": "all",
        "runs": 2,
        "fine_tunings": 3,
        **changes,
    }
    return sweep().model_copy(
        update={
            "experiment": StructureAblation(**fields),  # type: ignore[arg-type]
            "expect": TRANSFER,
            "unit": "pretraining",
        }
    )


def scene_with(*names: str) -> Scene:
    """A scene whose variants are models named after themselves."""
    scene = make_scene()
    variants = {
        name: scene.model_copy(update={"model": scene.model.model_copy(update={"digest": name})})
        for name in names
    }
    return scene.model_copy(update={"variants": variants})


RUNS = ("full-0", "full-1", "scrambled-0", "scrambled-1")


def test_every_run_of_either_arm_is_fine_tuned_from_several_seeds() -> None:
    made = design(ablation(), scene_with(*RUNS))
    models = {(t.arm.role, t.arm.label, t.unit): t.cell.model for t in made.trials}
    assert models == {
        ("baseline", "scrambled", 0): "scrambled-0",
        ("baseline", "scrambled", 1): "scrambled-1",
        ("treatment", "full", 0): "full-0",
        ("treatment", "full", 1): "full-1",
    }
    assert len(made.trials) == 2 * 2 * 3
    assert made.looks == (2,)


def test_arms_of_one_run_share_their_seeds_and_runs_share_none() -> None:
    made = design(ablation(), scene_with(*RUNS))
    seeds = {
        (role, unit): {t.cell.seed for t in made.trials if (t.arm.role, t.unit) == (role, unit)}
        for role in ("baseline", "treatment")
        for unit in (0, 1)
    }
    assert seeds["baseline", 0] == seeds["treatment", 0]
    assert not seeds["baseline", 0] & seeds["baseline", 1]


def test_random_weights_need_no_checkpoint_of_their_own() -> None:
    claim = ablation("random")
    assert needs_of(claim, make_scene().setting).variants == ("full-0", "full-1")
    made = design(claim, scene_with("full-0", "full-1"))
    encoders = {(t.arm.label, t.unit, t.cell.model, t.cell.encoder) for t in made.trials}
    assert encoders == {
        ("random", 0, "full-0", "random"),
        ("random", 1, "full-1", "random"),
        ("full", 0, "full-0", "whole"),
        ("full", 1, "full-1", "whole"),
    }


def test_a_missing_run_makes_the_claim_unavailable_with_the_reason() -> None:
    scene = scene_with("full-0", "full-1", "scrambled-0").model_copy(
        update={"absent": {"scrambled-1": "no such checkpoint\n  allowed: another"}}
    )
    made = design(ablation(), scene)
    assert made.trials == ()
    assert made.unavailable["pos"].startswith("no such checkpoint; `reproduce pretrain arms`")


def test_quick_takes_two_runs_and_one_seed() -> None:
    scene = scene_with(*RUNS)
    made = design(quickened(ablation(), scene), scene)
    assert {t.unit for t in made.trials} == {0, 1}
    assert len(made.trials) == 4


def test_two_arms_that_are_one_are_refused() -> None:
    with pytest.raises(ValidationError, match="both arms are 'scrambled'"):
        ablation("scrambled", text="scrambled")


def test_what_goes_together_is_ablated_where_order_is_gone_in_both_arms() -> None:
    claim = ablation("topic-free", text="scrambled", runs=1)
    assert needs_of(claim, make_scene().setting).variants == ("scrambled-0", "topic-free-0")
    made = design(claim, scene_with("scrambled-0", "topic-free-0"))
    assert {(t.arm.role, t.cell.model) for t in made.trials} == {
        ("treatment", "scrambled-0"),
        ("baseline", "topic-free-0"),
    }

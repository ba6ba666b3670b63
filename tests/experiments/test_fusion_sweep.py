from __future__ import annotations

import pytest

from reproduce.errors import UserError
from reproduce.experiments import design, quickened
from reproduce.experiments.fusion_sweep import FusionSweep, Seeds
from reproduce.judge.margin import Margin
from reproduce.nouns.cell import cell_id
from reproduce.nouns.claim import Claim, Source
from reproduce.nouns.design import Design
from tests.scenes import make_scene


def sweep(**changes: object) -> Claim:
    fields: dict[str, object] = {
        "tasks": ("pos",),
        "languages": "all",
        "seeds": Seeds(looks=(2, 3)),
        **changes,
    }
    return Claim(
        id="a-claim",
        title="A claim",
        paper="a-paper",
        source=Source(document="a-report", quote="It is so."),
        family="f",
        role="confirmatory",
        experiment=FusionSweep(**fields),  # type: ignore[arg-type]
        expect=Margin(kind="margin", margin="0"),
        unit="seed",
    )


def kinds(made: Design) -> list[tuple[str, int | None]]:
    return list(dict.fromkeys((t.arm.fusion.kind, t.arm.fusion.layer) for t in made.trials))


def test_a_sweep_has_the_baseline_and_every_lower_layer() -> None:
    made = design(sweep(), make_scene(layers=4))
    assert kinds(made) == [("last", None), ("dlfa", 1), ("dlfa", 2), ("dlfa", 3)]


def test_each_look_has_as_many_units_as_it_declares() -> None:
    scene = make_scene()
    assert {t.unit for t in design(sweep(), scene, 0).trials} == {0, 1}
    assert {t.unit for t in design(sweep(), scene, 1).trials} == {0, 1, 2}


def test_both_arms_of_a_unit_share_seed_data_and_training() -> None:
    cells = [t.cell for t in design(sweep(), make_scene()).trials if t.unit == 1]
    assert len({(c.seed, c.train, c.evaluate, c.training.model_dump_json()) for c in cells}) == 1


def test_targets_leave_out_the_source_but_cells_evaluate_it() -> None:
    made = design(sweep(), make_scene(languages=("src", "one", "two")))
    assert made.targets == ("one", "two")
    assert {s.language for s in made.trials[0].cell.evaluate} == {"src", "one", "two"}
    assert {s.split for s in made.trials[0].cell.evaluate} == {"dev", "test"}


def test_a_baseline_against_itself_is_trained_with_other_seeds() -> None:
    made = design(sweep(fusion="last", baseline_offset=100), make_scene())
    seeds = {t.arm.role: t.cell.seed for t in made.trials if t.unit == 1}
    assert seeds == {"baseline": 101, "treatment": 1}


def test_two_claims_share_the_cells_of_their_baseline() -> None:
    scene = make_scene()
    one, two = design(sweep(layers=(1,)), scene), design(sweep(layers=(2,)), scene)
    ids = [{cell_id(t.cell) for t in made.trials} for made in (one, two)]
    assert len(ids[0] & ids[1]) == 2  # one baseline cell a seed


def test_a_module_that_needs_no_lower_layer_is_one_arm() -> None:
    made = design(sweep(fusion="dlfa_self"), make_scene())
    assert kinds(made) == [("last", None), ("dlfa_self", None)]


def test_a_baseline_with_layers_is_trained_at_each() -> None:
    made = design(sweep(against="add", layers=(1, 2)), make_scene())
    assert kinds(made) == [("add", 1), ("add", 2), ("dlfa", 1), ("dlfa", 2)]


@pytest.mark.parametrize("layer", [4, 9])
def test_the_last_layer_and_those_beyond_it_are_refused(layer: int) -> None:
    with pytest.raises(UserError, match="lower layers 1 to 3"):
        design(sweep(layers=(layer,)), make_scene(layers=4))


def test_an_unknown_set_of_languages_names_the_nearest() -> None:
    with pytest.raises(UserError, match="did you mean 'all'"):
        design(sweep(languages="al"), make_scene())


def test_an_unknown_language_names_the_known_ones() -> None:
    with pytest.raises(UserError, match="allowed: one, src, two"):
        design(sweep(languages=("xx",)), make_scene())


def test_a_squeeze_that_does_not_divide_the_hidden_size_is_refused() -> None:
    with pytest.raises(UserError, match="squeeze 5"):
        design(sweep(squeeze=5), make_scene())


def test_a_task_that_the_setting_lacks_is_noted_and_the_rest_is_planned() -> None:
    scene = make_scene(tasks=("pos",)).model_copy(update={"unavailable": {"xnli": "not here"}})
    made = design(sweep(tasks=("xnli", "pos")), scene)
    assert made.unavailable == {"xnli": "not here"}
    assert {t.arm.task for t in made.trials} == {"pos"}


def test_quick_keeps_two_seeds_and_two_layers() -> None:
    made = design(quickened(sweep(), make_scene(layers=9)), make_scene(layers=9))
    assert [layer for _, layer in kinds(made)] == [None, 5, 8]
    assert {t.unit for t in made.trials} == {0, 1}


def test_looks_must_increase() -> None:
    with pytest.raises(ValueError, match="must increase"):
        Seeds(looks=(8, 8))

from __future__ import annotations

import pytest

from reproduce.errors import UserError
from reproduce.experiments import design, needs_of, quickened
from reproduce.experiments.layer_probe import LayerProbe
from reproduce.judge.layer_contrast import LayerContrast
from reproduce.nouns.claim import Claim, Source
from reproduce.nouns.probe import Probe, Retrieval
from tests.scenes import make_scene

TASKS = ("pos", "retrieval")


def claim(**changes: object) -> Claim:
    unit = changes.pop("unit", "sentence")
    fields: dict[str, object] = {
        "measures": ("retrieval", "pos_probe", "language_probe"),
        "languages": "all",
        **changes,
    }
    return Claim(
        id="a-claim",
        title="A claim",
        paper="a-paper",
        source=Source(document="a-report", quote="It is so."),
        family="f",
        role="confirmatory",
        experiment=LayerProbe(**fields),  # type: ignore[arg-type]
        expect=LayerContrast(higher="middle", lower="last"),
        unit=unit,  # type: ignore[arg-type]
    )


def test_every_measure_is_a_task_with_an_arm_a_layer():
    made = design(claim(), make_scene(TASKS, layers=3))
    arms = [(t.arm.task, t.arm.fusion.layer) for t in made.trials if t.arm.role == "treatment"]
    measures = ("retrieval", "pos_probe", "language_probe")
    assert arms == [(m, layer) for m in measures for layer in (1, 2, 3)]
    assert {t.unit for t in made.trials} == {0}


def test_probes_of_words_have_a_control_at_every_layer():
    made = design(claim(), make_scene(TASKS, layers=3))
    controls = [t for t in made.trials if t.arm.role == "baseline"]
    assert [(t.arm.task, t.arm.fusion.layer) for t in controls] == [
        ("pos_probe", layer) for layer in (1, 2, 3)
    ]
    assert {t.cell.labels for t in controls} == {"control"}


def test_each_measure_reads_its_own_data():
    made = design(claim(), make_scene(TASKS, layers=1))
    data = {t.arm.task: (type(t.cell), {p.task for p in t.cell.evaluate}) for t in made.trials}
    assert data["retrieval"] == (Retrieval, {"retrieval"})
    assert data["pos_probe"] == data["language_probe"] == (Probe, {"pos"})
    assert {p.split for t in made.trials for p in t.cell.evaluate} == {"test"}


def test_what_a_setting_lacks_is_told_and_the_rest_is_measured():
    scene = make_scene(("pos",), layers=2)
    scene = scene.model_copy(update={"unavailable": {"retrieval": "there is none"}})
    made = design(claim(), scene)
    assert made.unavailable == {"retrieval": "there is none"}
    assert {t.arm.task for t in made.trials} == {"pos_probe", "language_probe"}


def test_the_embeddings_and_the_last_layer_may_be_named():
    made = design(claim(layers=(0, 3)), make_scene(TASKS, layers=3))
    assert {t.arm.fusion.layer for t in made.trials} == {0, 3}


def test_a_layer_beyond_the_last_is_refused():
    with pytest.raises(UserError, match="layer 4 cannot be measured: the model has 3 layers"):
        design(claim(layers=(4,)), make_scene(TASKS, layers=3))


@pytest.mark.parametrize(("unit", "units"), [("sentence", 10), ("language", 2)])
def test_the_design_tells_how_many_units_it_has(unit, units):
    assert design(claim(unit=unit), make_scene(TASKS)).looks == (units,)


def test_a_frozen_encoder_has_no_seeds():
    assert "seed" not in LayerProbe.units
    assert "seeds" not in LayerProbe.model_fields


def test_a_measure_is_named_once():
    with pytest.raises(ValueError, match="more than once"):
        claim(measures=("retrieval", "retrieval"))


def test_a_quick_look_has_three_layers():
    scene = make_scene(TASKS, layers=8)
    assert quickened(claim(), scene).experiment.layers == (1, 5, 8)


def test_a_variant_that_is_absent_leaves_nothing_to_run():
    scene = make_scene(TASKS).model_copy(update={"absent": {"small": "there is no small"}})
    made = design(claim(variant="small"), scene)
    assert made.trials == () and made.unavailable == {"small": "there is no small"}


def test_a_variant_is_measured_with_its_own_model():
    other = make_scene(TASKS, layers=2)
    other = other.model_copy(update={"model": other.model.model_copy(update={"digest": "x"})})
    made = design(claim(variant="small"), make_scene(TASKS).model_copy(
        update={"variants": {"small": other}}))  # fmt: skip
    assert {t.cell.model for t in made.trials} == {"x"}
    assert {t.arm.fusion.layer for t in made.trials} == {1, 2}


def test_it_needs_the_data_of_its_measures_alone():
    setting = make_scene().setting
    assert needs_of(claim(measures=("depth_probe",)), setting).tasks == ("pos",)
    assert needs_of(claim(variant="small"), setting).variants == ("small",)

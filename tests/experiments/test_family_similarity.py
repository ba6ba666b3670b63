from __future__ import annotations

import pytest

from reproduce.experiments import design, needs_of, quickened
from reproduce.experiments.family_similarity import FamilySimilarity
from reproduce.experiments.fusion_sweep import FusionSweep, Seeds
from reproduce.experiments.languages import typological_distances
from reproduce.judge.family_gap import FamilyGap
from reproduce.judge.margin import Margin
from reproduce.nouns.cell import cell_id
from reproduce.nouns.claim import Claim, Source
from reproduce.nouns.setting import DataChoice, LanguageInfo
from tests.data.real import real
from tests.scenes import make_scene


def claim(experiment, expect=None, unit="language") -> Claim:
    return Claim(
        id="a-claim",
        title="A claim",
        paper="a-paper",
        source=Source(document="a-report", quote="It is so."),
        family="f",
        role="confirmatory",
        experiment=experiment,
        expect=expect or FamilyGap(),
        unit=unit,
    )


def transfer(**changes: object) -> Claim:
    fields = {"measure": "transfer", "languages": "all", "seeds": Seeds(looks=(2,)), **changes}
    return claim(FamilySimilarity(**fields))  # type: ignore[arg-type]


def similarity(**changes: object) -> Claim:
    fields = {"measure": "cka", "languages": "all", **changes}
    return claim(FamilySimilarity(**fields), unit="language-pair")  # type: ignore[arg-type]


def test_transfer_trains_on_every_language_and_evaluates_on_all():
    made = design(transfer(), make_scene())
    assert {t.arm.label: t.cell.train[0].language for t in made.trials} == {
        code: code for code in ("src", "one", "two")
    }
    tested = {p.language for p in made.trials[0].cell.evaluate if p.split == "test"}
    assert tested == set(made.targets) == {"src", "one", "two"}
    assert {t.unit for t in made.trials} == {0, 1}


def test_the_cells_of_the_source_language_are_the_baseline_of_a_sweep():
    scene = make_scene()
    sweep = FusionSweep(tasks=("pos",), languages="all", layers=(1,), seeds=Seeds(looks=(2,)))
    baseline = design(claim(sweep, Margin(), "seed"), scene)
    wanted = {cell_id(t.cell) for t in baseline.trials if t.arm.role == "baseline"}
    made = {cell_id(t.cell) for t in design(transfer(), scene).trials if t.arm.label == "src"}
    assert made == wanted


def test_a_language_without_training_data_is_only_a_target():
    scene = make_scene()
    slices = {k: v for k, v in scene.slices.items() if k != "pos/two/train"}
    made = design(transfer(), scene.model_copy(update={"slices": slices}))
    assert {t.arm.label for t in made.trials} == {"src", "one"}
    assert "two" in made.targets


def test_similarity_has_an_arm_a_layer_and_a_target_a_pair():
    made = design(similarity(), make_scene(layers=3))
    assert [t.arm.fusion.layer for t in made.trials] == [1, 2, 3]
    assert made.targets == ("src--one", "src--two", "one--two")
    assert made.looks == (3,)


def test_the_design_carries_families_and_distances():
    made = design(similarity(), make_scene())
    assert made.families == {"src": "f", "one": "f", "two": "f"}
    assert set(made.distances) == set(made.targets)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"measure": "cka", "seeds": Seeds(looks=(2,))}, "has no seeds"),
        ({"measure": "transfer"}, "needs seeds"),
    ],
)
def test_seeds_belong_to_what_is_trained(fields, message):
    with pytest.raises(ValueError, match=message):
        FamilySimilarity(languages="all", **fields)


def test_a_world_without_kinship_that_is_absent_leaves_nothing_to_run():
    scene = make_scene().model_copy(update={"absent": {"no-kinship": "not made"}})
    made = design(transfer(variant="no-kinship"), scene)
    assert made.trials == () and made.unavailable == {"no-kinship": "not made"}


def test_transfer_needs_training_data_of_every_language():
    setting = make_scene().setting
    assert needs_of(transfer(), setting).train == ("src", "one", "two")
    assert needs_of(similarity(), setting).train == ()


def test_a_quick_look_takes_two_languages_of_a_family_and_one_seed():
    cut = quickened(transfer(), make_scene()).experiment
    assert (cut.languages, cut.seeds.looks) == (("src", "one"), (1,))
    assert quickened(similarity(), make_scene(layers=4)).experiment.layers == (3,)


def setting_of(codes, source="conllu", **options):
    scene = make_scene(languages=codes)
    task = scene.setting.tasks["pos"]
    data = DataChoice(source=source, options=options)
    tasks = {"pos": task.model_copy(update={"data": data})}
    families = {"de": "West", "nl": "West"}
    languages = {c: LanguageInfo(name=c, family=families.get(c, c)) for c in codes}
    return scene.setting.model_copy(update={"tasks": tasks, "languages": languages})


def test_distances_in_the_world_are_those_of_its_own_parameters():
    codes = ("ava", "avo", "kor")
    found = typological_distances(codes, setting_of(codes, "world"), "pos")
    assert 0 < found["ava--avo"] < found["avo--kor"] < 1


def test_distances_in_a_world_without_shared_order_are_of_that_world():
    codes = ("ava", "avo")
    found = typological_distances(codes, setting_of(codes, "world", shared_order=False), "pos")
    assert found != typological_distances(codes, setting_of(codes, "world"), "pos")


def test_distances_of_real_languages_are_of_their_type_where_it_is_known():
    codes = ("de", "nl", "ja", "xx")
    setting = setting_of(codes).model_copy(update={"typology": str(real("typology"))})
    found = typological_distances(codes, setting, "pos")
    assert found["de--nl"] == pytest.approx(2 / 103)
    assert found["de--ja"] == pytest.approx(34 / 103)
    assert found["de--xx"] == 1.0  # unknown: another family
    # Without the folder families alone count.
    absent = setting.model_copy(update={"typology": "{data}/typology"})
    found = typological_distances(codes, absent, "pos")
    assert (found["de--nl"], found["de--ja"]) == (0.0, 1.0)


def test_cka_is_not_measured_where_test_data_are_not_parallel():
    scene = make_scene()
    task = scene.setting.tasks["pos"].model_copy(update={"parallel_test": False})
    setting = scene.setting.model_copy(update={"tasks": {"pos": task}})
    made = design(similarity(), scene.model_copy(update={"setting": setting}))
    assert made.trials == ()
    assert "not parallel" in made.unavailable["pos"]

from __future__ import annotations

import pytest

from reproduce.data.conllu import SOURCE as CONLLU
from reproduce.experiments import design, needs_of, quickened
from reproduce.experiments.fusion_sweep import Seeds
from reproduce.experiments.source_selection import SourceSelection, sources_of
from reproduce.judge.order import Order
from reproduce.nouns.cell import Whereabouts
from reproduce.nouns.claim import Claim, Source
from reproduce.nouns.scene import Needs, Portion, Scene, portion_key
from reproduce.nouns.setting import DataChoice, LanguageInfo
from reproduce.survey import survey
from reproduce.world.source import SOURCE as WORLD
from tests.scenes import make_scene

FAMILIES = {"ava": "A", "avo": "A", "ost": "A", "kor": "K", "kes": "K", "tum": "T"}


def claim(**changes: object) -> Claim:
    fields: dict[str, object] = {
        "targets": ("kor",),
        "sizes": (2, 4),
        "several": 2,
        "seeds": Seeds(looks=(2,)),
        **changes,
    }
    return Claim(
        id="a-claim",
        title="A claim",
        paper="a-paper",
        source=Source(document="a-report", quote="It is so."),
        family="f",
        role="confirmatory",
        experiment=SourceSelection(**fields),  # type: ignore[arg-type]
        expect=Order(order=("related", "unrelated")),
        unit="seed",
    )


def scene_for(made: Claim, *, held: int = 1000) -> Scene:
    """A scene in which every language holds so many training sentences."""
    scene = make_scene(("pos",), tuple(FAMILIES))
    languages = {c: LanguageInfo(name=c, family=f) for c, f in FAMILIES.items()}
    setting = scene.setting.model_copy(update={"languages": languages})
    slices = dict(scene.slices)
    for portion in needs_of(made, setting).portions:
        some = slices[f"pos/{portion.language}/train"]
        count = min(held, portion.size)
        slices[portion_key(portion)] = some.model_copy(update={"count": count})
    return scene.model_copy(update={"setting": setting, "slices": slices})


def trained_on(made: Claim) -> dict[str, list[tuple[str, int]]]:
    trials = design(made, scene_for(made)).trials
    return {t.arm.label: [(p.language, p.count) for p in t.cell.train] for t in trials}


def test_the_conditions_train_on_what_they_say():
    found = trained_on(claim())
    assert found["related"] == [("kes", 10)]
    assert FAMILIES[found["unrelated"][0][0]] != "K" and found["unrelated"][0][1] == 10
    assert [count for _, count in found["several"]] == [5, 5]
    assert found["own:2"] == [("kor", 2)] and found["own:4"] == [("kor", 4)]


def test_the_unrelated_source_is_neither_the_nearest_nor_the_farthest():
    made = claim()
    sources = sources_of("kor", made.experiment, scene_for(made))
    assert sources is not None
    assert sources.unrelated in {"ava", "avo", "ost"}  # the other family, tum, is the nearest


def test_all_conditions_of_a_target_take_as_many_steps():
    made = claim()
    trials = design(made, scene_for(made)).trials
    # One epoch of ten sentences is one step of 32; so is one of two.
    assert {t.cell.training.epochs for t in trials} == {1}
    scene = scene_for(made)
    task = scene.setting.tasks["pos"]
    smaller = task.training.model_copy(update={"batch_size": 2, "epochs": 3})
    tasks = {"pos": task.model_copy(update={"training": smaller})}
    setting = scene.setting.model_copy(update={"tasks": tasks})
    trials = design(made, scene.model_copy(update={"setting": setting})).trials
    epochs = {t.arm.label: t.cell.training.epochs for t in trials}
    assert epochs == {"related": 3, "unrelated": 3, "several": 3, "own:2": 15, "own:4": 8}


def test_each_target_is_a_task_that_is_evaluated_in_it_alone():
    made = claim(targets=("kor", "avo"))
    planned = design(made, scene_for(made))
    assert planned.targets_of == {"pos for kor": ("kor",), "pos for avo": ("avo",)}
    for trial in planned.trials:
        assert [p.language for p in trial.cell.evaluate] == [
            trial.arm.task.removeprefix("pos for ")
        ]


def test_a_target_without_a_relative_is_left_out_with_the_reason():
    made = claim(targets=("tum", "kor"))
    planned = design(made, scene_for(made))
    assert "no relative of tum" in planned.unavailable["pos for tum"]
    assert {t.arm.task for t in planned.trials} == {"pos for kor"}


def test_a_size_that_a_corpus_does_not_hold_is_left_out():
    made = claim()
    labels = {t.arm.label for t in design(made, scene_for(made, held=3)).trials}
    assert "own:2" in labels and "own:4" not in labels


def without_training(scene: Scene, *codes: str) -> Scene:
    gone = tuple(f"pos/{code}/train" for code in codes)
    slices = {k: v for k, v in scene.slices.items() if not k.startswith(gone)}
    return scene.model_copy(update={"slices": slices})


def test_only_languages_with_training_data_are_sources():
    made = claim(targets=("avo",))
    every, some = scene_for(made), without_training(scene_for(made), "ava")
    found = [sources_of("avo", made.experiment, scene) for scene in (every, some)]
    assert [s.related for s in found if s] == ["ava", "ost"]


def test_a_target_whose_relatives_have_no_training_data_is_left_out():
    made = claim()
    planned = design(made, without_training(scene_for(made), "kes"))
    assert list(planned.unavailable) == ["pos for kor"] and planned.trials == ()


def test_the_source_language_of_the_setting_is_no_target():
    made = claim(targets=("ava", "kor"))
    assert design(made, scene_for(made)).targets == ("kor",)


def test_sizes_must_increase():
    with pytest.raises(ValueError, match="must increase"):
        claim(sizes=(4, 2))


def test_a_quick_look_has_one_target_two_sizes_and_two_seeds():
    made = claim(targets=("kor", "avo"), sizes=(1, 2, 4))
    cut = quickened(made, scene_for(made)).experiment
    assert (cut.targets, cut.sizes, cut.seeds.looks) == (("kor",), (1, 4), (2,))


def test_a_portion_of_the_world_is_the_first_sentences_of_the_whole():
    whole, part = (WORLD.describe(DataChoice(source="world"), "pos", "kor", "train", n)
                   for n in (6, 4))  # fmt: skip
    places = Whereabouts(checkpoints={})
    assert WORLD.load(part, places) == WORLD.load(whole, places)[:4]


def test_a_portion_of_a_file_is_pinned_by_its_own_content(tmp_path):
    (tmp_path / "UD_X").mkdir()
    row = "1\tw{n}\t_\tNOUN\t_\t_\t0\troot\t_\t_\n\n"
    text = "".join(f"# sent_id = {n}\n" + row.format(n=n) for n in range(6))
    (tmp_path / "UD_X" / "x-ud-train.conllu").write_text(text)
    choice = DataChoice(source="conllu", folder=str(tmp_path), files={"xx": "UD_X"})
    part = CONLLU.describe(choice, "pos", "xx", "train", 4)
    places = Whereabouts(checkpoints={}, corpora={"conllu/UD_X": str(tmp_path)})
    assert [s.words for s in CONLLU.load(part, places)] == [(f"w{n}",) for n in range(4)]


def test_the_survey_pins_the_portions(tiny_checkpoint):
    setting = make_scene(("pos",), ("ava", "kor")).setting
    setting = setting.model_copy(update={"checkpoint": str(tiny_checkpoint)})
    found = survey(setting, Needs(("pos",), portions=(Portion("pos", "kor", 3),)))
    assert found.scene.slices["pos/kor/train/3"].count == 3
    assert "pos/kor/train" not in found.scene.slices


def test_the_survey_looks_for_translations_of_test_data_alone(tiny_checkpoint):
    setting = make_scene(("retrieval",), ("ava", "kor")).setting
    setting = setting.model_copy(update={"checkpoint": str(tiny_checkpoint)})
    found = survey(setting, Needs(("retrieval",)))
    assert list(found.scene.slices) == ["retrieval/kor/test"]

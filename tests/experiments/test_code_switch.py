"""The experiment `code_switch`: which arms it trains, on what, and what it tests them on."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from reproduce.book import load_book
from reproduce.errors import UserError
from reproduce.experiments.code_switch import CodeSwitch, arms, data_of, design, needs, quick
from reproduce.experiments.fusion_sweep import Seeds
from reproduce.nouns.cell import DataSlice, FineTune, cell_id
from reproduce.nouns.claim import Claim
from reproduce.nouns.scene import Scene
from reproduce.nouns.setting import CodeSwitching
from reproduce.resources import shipped
from reproduce.steps import STEPS
from tests.scenes import make_scene


def load_claim(path: Path) -> Claim:
    (entry,) = load_book([path]).claims
    return entry.claim


def experiment(group: str = "labelled", **changes: object) -> CodeSwitch:
    names = {
        "labelled": ("real", "synthetic-ec"),
        "unlabelled": ("ec", "nothing"),
        "curve": ("real-50+synthetic", "real-50"),
    }[group]
    fields = {"treatment": names[0], "baseline": names[1], **changes}
    return CodeSwitch(
        pair="ava--kyr",
        group=group,
        seeds=Seeds(looks=(2,)),
        **fields,  # type: ignore[arg-type]
    )


def scene_for(wanted: CodeSwitch, *, fewer: int = 0) -> Scene:
    scene = make_scene(tasks=("pos",))
    mixing = CodeSwitching(pairs={"ava--kyr": "distant"}, tasks={"pos": scene.setting.tasks["pos"]})
    setting = scene.setting.model_copy(update={"code_switching": mixing})
    slices = {
        need.key(): DataSlice(
            source="codeswitch", name="w", language=need.corpus, task=need.task, split=need.split,
            count=need.sentences - fewer, digest="d",
        )
        for need in needs(wanted, setting).mixed
    }  # fmt: skip
    return scene.model_copy(update={"setting": setting, "slices": slices, "steps": dict(STEPS)})


def claim(wanted: CodeSwitch) -> Claim:
    shipped_claim = load_claim(shipped("claims") / "codeswitch_real_over_synthetic_close.yaml")
    return shipped_claim.model_copy(update={"experiment": wanted})


def cells(wanted: CodeSwitch) -> dict[str, FineTune]:
    trials = design(claim(wanted), scene_for(wanted)).trials
    return {t.arm.label: t.cell for t in trials if t.unit == 0 and isinstance(t.cell, FineTune)}


EVERY = ("source", "monolingual", "synthetic-dictionary", "synthetic-random",
         "synthetic-insertion", "synthetic+real")  # fmt: skip


def test_all_arms_have_equal_sentences_and_updates() -> None:
    found = cells(experiment(also=EVERY))
    assert len(found) == 8
    assert {sum(p.count for p in cell.train) for cell in found.values()} == {400}
    assert {cell.training.updates for cell in found.values()} == {80}


def test_arms_differ_in_their_training_data_alone() -> None:
    found = cells(experiment(also=EVERY))
    rest = {c.model_copy(update={"train": ()}).model_dump_json() for c in found.values()}
    assert len(rest) == 1
    assert len({cell_id(c) for c in found.values()}) == 8


def test_arms_are_tested_on_real_sentences_and_by_their_words() -> None:
    (first, *_) = cells(experiment()).values()
    found = [(p.language, p.split, p.part) for p in first.evaluate]
    assert found == [
        ("ava--kyr", "test", ""),
        ("ava--kyr", "test", "switch"),
        ("ava--kyr", "test", "inside"),
    ]


def test_scripts_are_tested_where_they_are_asked_for() -> None:
    (first, *_) = cells(experiment(scripts=True)).values()
    assert {"ava--kyr@roman", "ava--kyr@native"} < {p.language for p in first.evaluate}


def test_synthetic_and_real_data_share_the_sentences() -> None:
    train = data_of("synthetic+real", experiment(sentences=401)).train
    assert train == (("ava--kyr@ec", 201), ("ava--kyr", 200))


def test_unlabelled_arms_differ_in_their_text_alone() -> None:
    found = cells(experiment("unlabelled", also=("monolingual", "random", "real")))
    assert found["nothing"].adapt is None
    text = {n: c.adapt.text[0].language for n, c in found.items() if c.adapt is not None}
    assert text == {
        "ec": "ava--kyr@ec", "monolingual": "ava--kyr@both", "random": "ava--kyr@random",
        "real": "ava--kyr",
    }  # fmt: skip
    assert {c.train for c in found.values()} == {found["nothing"].train}
    assert {c.adapt.updates for c in found.values() if c.adapt} == {100}


def test_curves_add_real_sentences_to_those_of_the_source() -> None:
    wanted = experiment("curve", also=("real-0", "real-0+synthetic"), synthetic=1000)
    assert data_of("real-0", wanted).train == (("ava--kyr@source", 400),)
    assert data_of("real-50+synthetic", wanted).train == (
        ("ava--kyr@source", 400),
        ("ava--kyr", 50),
        ("ava--kyr@ec", 1000),
    )


def test_only_one_arm_is_the_treatment() -> None:
    roles = [arm.role for arm in arms(experiment(also=EVERY))]
    assert (roles.count("baseline"), roles.count("treatment")) == (1, 1)


def test_a_setting_without_code_switching_says_so() -> None:
    found = design(claim(experiment()), make_scene(tasks=("pos",)))
    assert found.trials == ()
    assert "has no code-switching" in found.unavailable["pos"]


def test_a_corpus_that_is_too_small_is_refused() -> None:
    wanted = experiment()
    with pytest.raises(UserError, match="has 399 sentences, the arm is to have 400"):
        design(claim(wanted), scene_for(wanted, fewer=1))


@pytest.mark.parametrize(
    ("group", "name"),
    [("labelled", "real-50"), ("unlabelled", "synthetic-ec"), ("curve", "real")],
)
def test_an_arm_of_another_group_is_refused(group: str, name: str) -> None:
    with pytest.raises(ValidationError, match="unknown arm"):
        experiment(group, also=(name,))


def test_an_arm_named_twice_is_refused() -> None:
    with pytest.raises(ValidationError, match="named more than once"):
        experiment(also=("real",))


def test_a_quick_look_takes_two_seeds() -> None:
    wanted = experiment()
    assert quick(wanted, scene_for(wanted)).seeds.looks == (2,)


@pytest.mark.parametrize("path", sorted(shipped("claims").glob("codeswitch_*.yaml")),
                         ids=lambda p: p.stem)  # fmt: skip
def test_every_shipped_claim_is_justified(path) -> None:
    found = load_claim(path)
    assert found.family == "codeswitch"
    assert len(found.justification) > 60

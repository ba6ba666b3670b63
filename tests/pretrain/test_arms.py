from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file

from reproduce.cli import main
from reproduce.errors import UserError
from reproduce.models.checkpoint import inspect_checkpoint, load_encoder
from reproduce.pretrain import arms
from reproduce.pretrain.arms import (
    Remembered,
    chosen,
    is_made,
    make_small,
    render,
    small_recipes,
)
from reproduce.pretrain.checkpoint import halve
from reproduce.pretrain.recipe import ARMS


@pytest.fixture
def made(tiny, fake_world, tmp_path):
    recipe = replace(tiny, tokens=20_000, comparing=())
    into = tmp_path / "into"
    digest = make_small("small-full-0", recipe, tmp_path / "run", into, world=fake_world)
    return recipe, into, digest


def test_every_arm_has_several_runs_that_differ_in_their_seed_alone():
    recipes = small_recipes()
    for arm in ARMS:
        runs = [r for r in recipes.values() if r.arm == arm and r.kinship]
        assert len({r.seed for r in runs}) == len(runs) == 3
        assert len({replace(r, seed=0) for r in runs}) == 1


def test_the_counter_world_differs_from_the_full_arm_in_kinship_alone():
    recipes = small_recipes()
    counter = recipes["small-no-kinship-1"]
    assert replace(counter, kinship=True) == recipes["small-full-1"]


def test_an_unknown_checkpoint_names_the_nearest():
    with pytest.raises(UserError, match="did you mean 'small-scrambled-1'"):
        chosen(["small-scrambed-1"])


def test_a_small_checkpoint_is_made_with_its_card(made):
    recipe, into, digest = made
    card = json.loads((into / "card.json").read_text())
    assert card["digest"] == digest == inspect_checkpoint(into).digest
    assert card["tokens"] >= recipe.tokens
    assert (into / "README.md").read_text() == render(card)
    assert is_made(recipe, into)


def test_a_changed_checkpoint_or_recipe_counts_as_not_made(made):
    recipe, into, _ = made
    assert not is_made(replace(recipe, seed=5), into)
    (into / "config.json").write_text((into / "config.json").read_text() + " ")
    assert not is_made(recipe, into)


def test_weights_in_half_precision_are_loaded_as_the_same_float32_each_time(made, tmp_path):
    _, into, _ = made
    stored = load_file(into / "model.safetensors")
    assert {t.dtype for t in stored.values()} == {torch.float16}
    for _ in range(2):
        encoder, _ = load_encoder(into)
        for name, value in encoder.state_dict().items():
            assert value.dtype == torch.float32
            assert torch.equal(value, stored[name].float())


def test_halving_rounds_to_the_nearest_half(tiny_checkpoint, tmp_path):
    whole = shutil.copytree(tiny_checkpoint, tmp_path / "whole")
    (whole / "tokenizer_config.json").write_text("{}")
    halve(whole, tmp_path / "half")
    before = load_file(whole / "model.safetensors")
    after = load_file(tmp_path / "half" / "model.safetensors")
    assert all(torch.equal(before[name].half(), after[name]) for name in before)


def test_a_remembered_world_gives_the_words_of_the_world_and_asks_it_once(fake_world):
    asked = []

    class Counting:
        languages, text_digest = fake_world.languages, fake_world.text_digest

        def document(self, language, index):
            asked.append(index)
            return fake_world.document(language, index)

    remembered = Remembered(Counting())
    for _ in range(2):
        found = remembered.document("ava", 3)
        assert [s.words for s in found] == [s.words for s in fake_world.document("ava", 3)]
    assert asked == [3]


def test_the_command_refuses_a_checkpoint_that_it_does_not_make(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["pretrain", "arms", "small-fall-0"])
    assert ended.value.code == 2
    assert "did you mean 'small-full-0'" in capsys.readouterr().err


def test_the_command_leaves_alone_what_is_made_already(made, tmp_path, monkeypatch, capsys):
    recipe, into, _ = made
    monkeypatch.setattr(arms, "small_recipes", lambda: {"into": recipe})
    with pytest.raises(SystemExit) as ended:
        main(["pretrain", "arms", "--into", str(into.parent), "--out", str(tmp_path / "other")])
    assert not ended.value.code
    assert "into: made already" in capsys.readouterr().out
    assert not (tmp_path / "other").exists()

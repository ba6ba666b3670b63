"""The small checkpoints that travel with the package are the ones that their cards describe."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import pytest

from reproduce.book import load_setting
from reproduce.models.checkpoint import inspect_checkpoint
from reproduce.pretrain.arms import is_made, render, small_recipes
from reproduce.pretrain.corpus import make_world
from reproduce.resources import embedded_checkpoint


def folder_of(name: str) -> Path:
    folder = embedded_checkpoint(name)
    if not folder.is_dir():
        pytest.skip(f"{name} does not lie in the package yet: reproduce pretrain arms {name}")
    return folder


@lru_cache(maxsize=2)
def text_of(kinship: bool) -> str:
    return make_world(kinship).text_digest


@pytest.mark.parametrize("name", small_recipes())
def test_a_card_names_checkpoint_recipe_and_text(name: str) -> None:
    folder = folder_of(name)
    card = json.loads((folder / "card.json").read_text())
    recipe = small_recipes()[name]
    assert is_made(recipe, folder)
    assert card["digest"] == inspect_checkpoint(f"embedded:{name}").digest
    assert card["text"] == text_of(recipe.kinship)
    assert card["tokens"] >= recipe.tokens
    assert (folder / "README.md").read_text() == render(card)


def test_all_of_them_together_take_six_megabytes_and_a_half_at_most() -> None:
    folders = [embedded_checkpoint(name) for name in small_recipes()]
    sizes = [p.stat().st_size for f in folders if f.is_dir() for p in f.iterdir()]
    assert sum(sizes) < 6.5e6


def test_every_variant_of_the_world_names_a_checkpoint_that_the_command_makes() -> None:
    named = {
        v.checkpoint.removeprefix("embedded:") for v in load_setting("world").variants.values()
    }
    assert named - {""} <= set(small_recipes())


def test_every_small_checkpoint_is_a_variant_of_the_world() -> None:
    variants = load_setting("world").variants.values()
    assert set(small_recipes()) <= {v.checkpoint.removeprefix("embedded:") for v in variants}


def test_a_variant_without_kinship_reads_the_text_that_its_encoder_was_trained_on() -> None:
    for variant in load_setting("world").variants.values():
        recipe = small_recipes().get(variant.checkpoint.removeprefix("embedded:"))
        if recipe is not None:
            assert variant.options.get("kinship", True) == recipe.kinship
            assert variant.by_construction

"""The checkpoint from real text that travels with the package is the one its card describes."""

from __future__ import annotations

import json
from statistics import fmean

from reproduce.models.checkpoint import inspect_checkpoint
from reproduce.pretrain.recipe import recipe_from
from reproduce.pretrain.text_card import render
from reproduce.pretrain.text_files import is_free
from reproduce.resources import embedded_checkpoint

FOLDER = embedded_checkpoint("mini")
CARD = json.loads((FOLDER / "card.json").read_text(encoding="utf-8"))


def test_the_card_names_the_checkpoint_and_its_recipe():
    facts, recipe = inspect_checkpoint("embedded:mini"), recipe_from(CARD["recipe"])
    assert CARD["digest"] == facts.digest
    assert (facts.layers, facts.hidden) == (recipe.layers, recipe.hidden)
    assert CARD["tokens"] >= recipe.tokens
    assert (FOLDER / "README.md").read_text(encoding="utf-8") == render(CARD)


def test_it_takes_thirty_megabytes_at_most():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 30e6


def test_its_text_is_in_at_least_twelve_languages_and_has_free_licences_alone():
    assert len(CARD["passes"]) >= 12
    assert all(map(is_free, CARD["text"]["licences"]))
    assert CARD["text"]["evaluated"] > 0  # sentences of evaluations were found, and left out


def test_the_held_out_loss_fell_to_the_end():
    losses = [loss for _, loss in CARD["curve"]]
    assert min(losses) == losses[-1]


def test_it_transfers_better_than_random_weights_in_most_languages():
    trained, random = CARD["scores"]["trained"], CARD["scores"]["random"]
    targets = [name for name in trained if name != CARD["scores"]["source"]]
    better = sum(fmean(trained[name]) > fmean(random[name]) for name in targets)
    assert better > 0.75 * len(targets)


def test_what_it_was_taught_beside_the_text_is_said():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert "dictionaries and translations have been seen" in text
    assert "words replaced by their translations" in text

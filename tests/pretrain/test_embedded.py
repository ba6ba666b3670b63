"""The embedded checkpoint is the one that its card describes."""

from __future__ import annotations

import json

import pytest

from reproduce.book import load_setting
from reproduce.models.checkpoint import inspect_checkpoint
from reproduce.pretrain.recipe import Recipe, recipe_from
from reproduce.resources import embedded_checkpoint
from reproduce.world import World

FOLDER = embedded_checkpoint("world")


@pytest.fixture(scope="module")
def card() -> dict:
    return json.loads((FOLDER / "card.json").read_text())


def test_the_card_names_the_checkpoint_by_its_digest(card: dict) -> None:
    assert card["digest"] == inspect_checkpoint("embedded:world").digest


def test_the_card_names_the_world_that_is_shipped(card: dict) -> None:
    world = World()
    assert (card["world"], card["text"]) == (world.digest, world.text_digest)


def test_the_shipped_recipe_is_the_one_of_the_card(card: dict) -> None:
    assert recipe_from(card["recipe"]) == Recipe()


def test_the_checkpoint_is_a_few_megabytes() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 6e6


def test_every_task_beats_random_weights_in_the_source_and_in_the_mean_of_the_targets(
    card: dict,
) -> None:
    source = load_setting("world").source_language
    for scores in card["scores"].values():
        trained, random = scores["trained"], scores["random"]
        targets = [code for code in trained if code != source]

        def mean(table: dict, codes: list[str]) -> float:
            return sum(sum(table[c]) / len(table[c]) for c in codes) / len(codes)

        assert mean(trained, [source]) > mean(random, [source])
        assert mean(trained, targets) > mean(random, targets)


def test_no_shortcut_rule_is_more_than_ten_points_above_chance(card: dict) -> None:
    chance = {"nli": 100 / 3, "xnli": 100 / 3, "paraphrase": 50.0, "pawsx": 50.0}
    for task, rules in card["shortcuts"].items():
        assert max(rules.values()) <= chance[task] + 10

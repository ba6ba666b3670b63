from __future__ import annotations

import json

import pytest

from reproduce.book import load_setting
from reproduce.pretrain.card import read_card, read_log, render, seed_sd
from reproduce.pretrain.make_card import CARD_TASKS
from reproduce.pretrain.measure import Measured
from reproduce.resources import embedded_checkpoint

FOLDER = embedded_checkpoint("world")


@pytest.fixture(scope="module")
def card():
    return read_card(FOLDER)


def test_the_readme_says_what_the_card_says(card):
    construction = load_setting("world").by_construction
    assert (FOLDER / "README.md").read_text(encoding="utf-8") == render(card, construction)


def test_the_card_scores_all_tasks_and_languages_from_three_seeds(card):
    setting = load_setting("world")
    assert tuple(card.scores) == CARD_TASKS
    for kinds in card.scores.values():
        for scores in kinds.values():
            assert set(scores) == set(setting.languages)
            assert {len(values) for values in scores.values()} == {3}


def test_the_log_of_a_resumed_run_counts_both_calls(tmp_path):
    entries = [
        {"tokens": 5, "held_out": 4.0},
        {"cpu_seconds": 60.0},
        {"cpu_seconds": 120.0},
        {"cpu_seconds": 30.0},
        {"tokens": 9, "held_out": 3.0},
    ]
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(map(json.dumps, entries)))
    log = read_log(path)
    assert log.core_minutes == 2.5
    assert log.curve == [[5, 4.0], [9, 3.0]]


def test_the_seed_sd_is_that_of_a_difference_over_targets_alone():
    measured = Measured({"ava": [0.0, 90.0], "avo": [50.0, 52.0], "ost": [60.0, 62.0]}, [])
    assert seed_sd({"pos": measured}, "ava") == pytest.approx(2.0)

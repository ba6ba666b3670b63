from __future__ import annotations

from reproduce.codeswitch.source import SOURCE
from reproduce.nouns.cell import Whereabouts
from reproduce.nouns.setting import DataChoice
from reproduce.report.codeswitch_words import _distances

PAIR = "ava--kyr"


def test_distances_are_counted_from_both_sides_of_a_switch() -> None:
    (sentence,) = SOURCE.load(SOURCE.describe(DataChoice(source="codeswitch"), "pos", PAIR,
                                              "train", 1), Whereabouts(checkpoints={}))  # fmt: skip
    ids = ("ava", "ava", "ava", "kyr", "kyr")
    changed = type(sentence)(("a",) * 5, PAIR, "x", "x", languages=ids)
    assert _distances(changed) == [2, 1, 0, 0, 1]

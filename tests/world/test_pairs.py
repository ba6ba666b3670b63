from __future__ import annotations

from collections import Counter

import pytest

from reproduce.nouns.sentence import SentencePair
from reproduce.world import World
from reproduce.world.shortcuts import measure_shortcuts

TASKS = ("nli", "paraphrase")


@pytest.fixture(scope="module")
def pairs(world: World) -> dict[str, list[SentencePair]]:
    return {t: [world.pair(t, "ava", "train", i) for i in range(1500)] for t in TASKS}


@pytest.mark.parametrize("task", TASKS)
def test_no_shortcut_is_ten_points_above_chance(world: World, task: str) -> None:
    scores = measure_shortcuts(world, train=2000, test=800)[task]
    chance = scores.pop("chance")
    assert len(scores) == 4
    assert all(score <= chance + 10 for score in scores.values()), scores


@pytest.mark.parametrize("task", TASKS)
def test_labels_are_balanced(pairs: dict[str, list[SentencePair]], task: str) -> None:
    counts = Counter(pair.label for pair in pairs[task])
    assert max(counts.values()) < 1.15 * min(counts.values())


def test_negation_is_as_frequent_in_every_class(
    world: World, pairs: dict[str, list[SentencePair]]
) -> None:
    lexicon = world.lexicon("ava")
    negation = lexicon.stems[lexicon.inv.of["part.not"]]
    for side in ("first", "second"):
        share = {}
        for label in ("entailment", "neutral", "contradiction"):
            of_label = [p for p in pairs["nli"] if p.label == label]
            hits = sum(negation in getattr(p, side).words for p in of_label)
            share[label] = hits / len(of_label)
        assert max(share.values()) - min(share.values()) < 0.08, share
        assert min(share.values()) > 0.1


@pytest.mark.parametrize("task", TASKS)
def test_pairs_are_never_the_same_string(world: World, task: str) -> None:
    for code in world.languages:
        for i in range(250):
            pair = world.pair(task, code, "test", i)
            assert pair.first.words != pair.second.words, pair


@pytest.mark.parametrize("task", TASKS)
def test_pairs_are_parallel(world: World, task: str) -> None:
    for i in range(30):
        found = [world.pair(task, code, "dev", i) for code in world.languages]
        assert len({p.label for p in found}) == len({p.cluster for p in found}) == 1


@pytest.mark.parametrize("task", TASKS)
def test_hardly_any_test_sentence_occurs_in_training(
    world: World, pairs: dict[str, list[SentencePair]], task: str
) -> None:
    seen = {s.words for p in pairs[task] for s in (p.first, p.second)}
    test = [world.pair(task, "ava", "test", i) for i in range(300)]
    assert sum(s.words in seen for p in test for s in (p.first, p.second)) < 6


def test_an_unknown_task_is_refused(world: World) -> None:
    with pytest.raises(KeyError):
        world.pair("qa", "ava", "test", 0)


def test_the_tables_of_acceptance_are_what_fitting_gives() -> None:
    from reproduce.world.balance_tables import TABLES
    from reproduce.world.refit import refit

    assert refit("paraphrase") == TABLES["paraphrase"]


def test_acceptance_makes_overlap_alike(world: World, pairs: dict[str, list[SentencePair]]) -> None:
    kept = [_overlap_by_label(pairs["nli"], label) for label in ("entailment", "neutral")]
    drawn = [_drawn_overlap(world, label) for label in ("entailment", "neutral")]
    assert abs(kept[0] - kept[1]) < abs(drawn[0] - drawn[1])


def _overlap_by_label(pairs: list[SentencePair], label: str) -> float:
    found = [_new(p.first.words, p.second.words) for p in pairs if p.label == label]
    return sum(found) / len(found)


def _drawn_overlap(world: World, label: str) -> float:
    from reproduce.world.draw import stream
    from reproduce.world.meaning import Part

    everywhere = Part(0, Part.BUCKETS)
    found = []
    for i in range(400):
        pair = world.writers["nli"].pair(stream("t", i), everywhere, label)
        found.append(_new(world.words("ava", pair.first), world.words("ava", pair.second)))
    return sum(found) / len(found)


def _new(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    return not Counter(second) - Counter(first)

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

from reproduce.pretrain.word_alignment import (
    DIAGONAL,
    ROUNDS,
    align_words,
    expected_links,
    find_links,
)

ENGLISH = ("dog", "cat", "house", "tree", "river", "sees", "finds", "likes", "the", "a")
GERMAN = ("hund", "katze", "haus", "baum", "fluss", "sieht", "findet", "mag", "der", "ein")


def sentences(count: int, seed: int, turned: bool) -> list[tuple[list[str], list[str]]]:
    """Word for word, in the second language the other way round if `turned`."""
    rng = np.random.default_rng(seed)
    drawn = [rng.integers(len(ENGLISH), size=5) for _ in range(count)]
    step = -1 if turned else 1
    return [([ENGLISH[i] for i in row], [GERMAN[i] for i in row[::step]]) for row in drawn]


@pytest.mark.parametrize("turned", [False, True])
def test_words_that_were_put_in_for_each_other_are_found(turned):
    best = {}
    for found in align_words(sentences(200, 3, turned)):
        if found.weight > best.get(found.word, ("", 0.0))[1]:
            best[found.word] = (found.english, found.weight)
    assert {word: english for word, (english, _) in best.items()} == dict(
        zip(GERMAN, ENGLISH, strict=True)
    )


def test_the_weights_of_a_word_are_at_most_one_in_all():
    total: dict[str, float] = defaultdict(float)
    for found in align_words(sentences(50, 5, turned=True)):
        total[found.word] += found.weight
    assert max(total.values()) <= 1 + 1e-9


def test_without_parallel_sentences_there_are_no_translations():
    assert align_words([]) == []


def test_expected_links_are_those_of_a_plain_computation():
    pairs = sentences(20, 4, turned=False)
    pairs = [(one, two[:4]) for one, two in pairs]
    english, other = sorted(ENGLISH), sorted({word for _, two in pairs for word in two})
    links = find_links(pairs, english, other)
    found = expected_links(links.first, links.place_of_second, links.near_second, links)
    chance: dict[tuple[str, str], float] = defaultdict(lambda: 1.0)
    expected: dict[tuple[str, str], float] = {}
    for _ in range(ROUNDS):
        expected, total = defaultdict(float), defaultdict(float)
        for one, two in pairs:
            for j, f in enumerate(two):
                near = [np.exp(-DIAGONAL * abs(i / 5 - j / 4)) for i in range(5)]
                likely = [chance[e, f] * p / sum(near) for e, p in zip(one, near, strict=True)]
                for e, p in zip(one, likely, strict=True):
                    expected[e, f] += p / sum(likely)
                    total[e] += p / sum(likely)
        chance = defaultdict(float, {(e, f): n / total[e] for (e, f), n in expected.items()})
    for number, value in enumerate(found):
        pair = english[links.first_of[number]], other[links.second_of[number]]
        assert value == pytest.approx(expected[pair], rel=1e-9)

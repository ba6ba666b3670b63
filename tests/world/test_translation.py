"""Translations: the same meaning in two languages, with gold links between words."""

from __future__ import annotations

import pytest

from reproduce.world.world import World

WORLD = World()
PAIRS = [("ava", "avo"), ("ava", "ost"), ("ava", "kyr"), ("tum", "isk")]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_both_sentences_are_those_of_the_frozen_world(first: str, second: str) -> None:
    for index in range(40):
        found = WORLD.translation(first, second, "dev", index)
        assert found.first == WORLD.sentence(first, "dev", index)
        assert found.second == WORLD.sentence(second, "dev", index)


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_linked_words_have_one_part_of_speech(first: str, second: str) -> None:
    for index in range(200):
        found = WORLD.translation(first, second, "dev", index)
        one, other = found.first.tags, found.second.tags
        assert one is not None and other is not None
        assert [one[i] for i, _ in found.links] == [other[j] for _, j in found.links]


def test_a_word_has_at_most_one_link() -> None:
    for index in range(200):
        links = WORLD.translation("ava", "kyr", "dev", index).links
        assert len({i for i, _ in links}) == len({j for _, j in links}) == len(links)


def test_content_words_always_have_a_link() -> None:
    for index in range(200):
        found = WORLD.translation("ava", "kyr", "dev", index)
        linked = {i for i, _ in found.links}
        assert found.first.tags is not None
        content = {i for i, tag in enumerate(found.first.tags) if tag in ("NOUN", "VERB", "PROPN")}
        assert content <= linked


def test_a_language_translates_into_itself_word_by_word() -> None:
    for index in range(100):
        found = WORLD.translation("ava", "ava", "dev", index)
        assert found.links == tuple((i, i) for i in range(len(found.first.words)))

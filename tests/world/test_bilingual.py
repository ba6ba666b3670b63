"""Bilingual speakers: their labels, their completeness, and how they differ from the generators."""

from __future__ import annotations

import pytest

from reproduce.codeswitch.metrics import is_neutral, switches
from reproduce.nouns.sentence import Sentence
from reproduce.world.bilingual import repaired, speak, speaker, to_latin
from reproduce.world.draw import stream
from reproduce.world.world import World

WORLD = World()


def said(pair: str, count: int, roman: bool | None = None) -> list[Sentence]:
    first, second = pair.split("--")
    return [
        speak(
            WORLD.translation(first, second, "dev", i),
            speaker(pair, i // 8),
            stream("t", i),
            roman=roman,
        )
        for i in range(count)
    ]


@pytest.mark.parametrize("pair", ["ava--ost", "ava--kyr"])
def test_every_word_has_a_tag_an_entity_and_a_language(pair: str) -> None:
    for sentence in said(pair, 100):
        columns = (sentence.tags, sentence.entities, sentence.languages, sentence.lemmas)
        assert {len(column or ()) for column in columns} == {len(sentence.words)}
        assert repaired(sentence.entities or ()) == sentence.entities


def test_no_sentence_begins_with_a_comma() -> None:
    assert not any((s.tags or ())[0] == "PUNCT" for s in said("ava--kyr", 300))


def test_a_speaker_says_the_same_again() -> None:
    assert said("ava--kyr", 30) == said("ava--kyr", 30)


@pytest.mark.parametrize("pair", ["ava--ost", "ava--kyr"])
def test_all_content_of_the_meaning_is_said_once(pair: str) -> None:
    first, second = pair.split("--")
    for i, sentence in enumerate(said(pair, 200)):
        meaning = WORLD.translation(first, second, "dev", i)
        nouns = (meaning.first.tags or ()).count("NOUN")
        assert (sentence.tags or ()).count("NOUN") == nouns
        assert (sentence.tags or ()).count("VERB") == (meaning.first.tags or ()).count("VERB")


@pytest.mark.parametrize("pair", ["ava--ost", "ava--kyr"])
def test_most_sentences_mix_both_languages(pair: str) -> None:
    sentences = said(pair, 300)
    assert sum(switches(s.languages or ()) > 0 for s in sentences) > 200
    ids = [i for s in sentences for i in s.languages or () if not is_neutral(i)]
    assert 0.3 < ids.count("ava") / len(ids) < 0.7


def test_borrowed_nouns_take_the_endings_of_the_other_language() -> None:
    sentences = said("ava--kyr", 300)
    words = [
        word
        for s in sentences
        for word in zip(s.words, s.languages or (), s.lemmas or (), strict=True)
    ]
    mixed = [word for word in words if word[1] == "mixed"]
    assert len(mixed) > 20
    stems = {*WORLD.lexicon("ava").stems, *WORLD.lexicon("kyr").stems}
    assert all(lemma in stems and word != lemma for word, _, lemma in mixed)


def test_all_is_in_one_script_where_that_is_asked_for() -> None:
    def cyrillic(sentence: Sentence) -> bool:
        return any("а" <= letter <= "я" for letter in " ".join(sentence.words))

    assert not any(cyrillic(s) for s in said("ava--kyr", 60, roman=True))
    assert any(cyrillic(s) for s in said("ava--kyr", 60, roman=False))


def test_both_scripts_have_the_same_labels() -> None:
    pairs = zip(said("ava--kyr", 60, roman=True), said("ava--kyr", 60, roman=False), strict=True)
    assert all(one.tags == other.tags for one, other in pairs)


def test_transliteration_leaves_no_letter_behind() -> None:
    stems = WORLD.lexicon("kyr").stems
    assert all(to_latin(stem, stream(stem)).isascii() for stem in stems)

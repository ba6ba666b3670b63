"""Generators: what they keep, what they promise, and what they leave out."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reproduce.codeswitch.check import violations
from reproduce.codeswitch.equivalence import allowed_cuts, mix_by_equivalence, path
from reproduce.codeswitch.generate import METHODS, Mixer, generate, is_tree, mixer
from reproduce.codeswitch.metrics import switches
from reproduce.codeswitch.mixed import FIRST, SECOND, Mixed, Origin, compose
from reproduce.codeswitch.replacement import replace_words
from reproduce.errors import DataError
from reproduce.nouns.bitext import Bitext
from reproduce.nouns.sentence import Sentence
from reproduce.world.bilingual import repaired
from reproduce.world.draw import stream
from reproduce.world.world import World

WORLD = World()
OTHERS = ("avo", "ost", "kyr", "tum", "isk")
ANY_BITEXT = st.builds(
    lambda other, index: WORLD.translation("ava", other, "dev", index),
    st.sampled_from(OTHERS),
    st.integers(0, 3000),
)


@lru_cache
def dictionary(other: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    stems = zip(WORLD.lexicon("ava").stems, WORLD.lexicon(other).stems, strict=True)
    for word, translation in stems:
        found.setdefault(word, []).append(translation)
    return found


def mix_with(method: str, bitext: Bitext) -> Mixer:
    return mixer(method, dictionary(bitext.second.language))


def test_both_monolingual_sentences_come_back_when_no_switch_is_made() -> None:
    bitext = WORLD.translation("ava", "kyr", "dev", 1)
    words = {mix_by_equivalence(bitext, 0, stream(n)).sentence.words for n in range(20)}
    assert words == {bitext.first.words, bitext.second.words}


@pytest.mark.parametrize("side", [FIRST, SECOND])
@given(ANY_BITEXT)
@settings(max_examples=40, deadline=None)
def test_the_path_without_a_cut_keeps_every_annotation(side: int, bitext: Bitext) -> None:
    whole = (bitext.first, bitext.second)[side]
    found = compose(bitext, path(bitext, (), side), "ec").sentence
    assert (found.words, found.tags, found.entities) == (whole.words, whole.tags, whole.entities)
    assert (found.heads, found.relations) == (whole.heads, whole.relations)


@given(ANY_BITEXT, st.integers(1, 9), st.integers(0, 1000))
@settings(max_examples=200, deadline=None)
def test_every_sentence_by_equivalence_passes_the_independent_check(
    bitext: Bitext, wanted: int, seed: int
) -> None:
    assert violations(mix_by_equivalence(bitext, wanted, stream(seed))) == []


@given(ANY_BITEXT)
@settings(max_examples=60, deadline=None)
def test_the_check_accepts_exactly_the_allowed_cuts(bitext: Bitext) -> None:
    allowed = {cut.first for cut in allowed_cuts(bitext)}
    n, m = len(bitext.first.words), len(bitext.second.words)
    for i in range(1, n):
        legal = any(not violations(_cut(bitext, i, j)) for j in range(1, m))
        assert legal == (i in allowed)


def _cut(bitext: Bitext, i: int, j: int) -> Mixed:
    second = range(j, len(bitext.second.words))
    origins = [*(Origin(FIRST, k) for k in range(i)), *(Origin(SECOND, k) for k in second)]
    return compose(bitext, origins, "ec")


def test_the_check_finds_a_verb_that_changes_sides() -> None:
    bitext = _small(links=((0, 0), (1, 2), (2, 1), (3, 3)))
    assert allowed_cuts(bitext)[0].first == 1
    found = violations(_cut(bitext, 2, 2))
    assert any("different sides" in text for text in found)
    assert any("expressed" in text for text in found)


def test_the_check_finds_an_article_parted_from_its_noun() -> None:
    first = replace(_small().first, tags=("DET", "NOUN", "VERB", "PUNCT"), heads=(2, 3, 0, 3))
    bitext = replace(_small(links=((1, 0), (2, 2), (3, 3))), first=first)
    assert 1 not in {cut.first for cut in allowed_cuts(bitext)}
    assert any("parted from its head" in text for text in violations(_cut(bitext, 1, 1)))


def _small(links: tuple[tuple[int, int], ...] = ((0, 0), (1, 1), (2, 2), (3, 3))) -> Bitext:
    def sentence(language: str) -> Sentence:
        return Sentence(
            words=("dogs", "see", "cats", "."), language=language, id=language, cluster="c",
            tags=("NOUN", "VERB", "NOUN", "PUNCT"), entities=("O",) * 4, heads=(2, 0, 2, 2),
            relations=("nsubj", "root", "obj", "punct"), lemmas=("dog", "see", "cat", "."),
        )  # fmt: skip

    return Bitext(sentence("en"), sentence("xx"), links)


@pytest.mark.parametrize("method", METHODS)
@given(ANY_BITEXT, st.integers(1, 8), st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_labels_come_along_with_their_words(
    method: str, bitext: Bitext, wanted: int, seed: int
) -> None:
    mixed = mix_with(method, bitext)(bitext, wanted, stream(seed))
    sides, found = (bitext.first, bitext.second), mixed.sentence
    assert found.tags == tuple(sides[o.side].tags[o.place] for o in mixed.origins)
    assert found.entities is not None and found.languages is not None and found.heads is not None
    kinds = [sides[o.side].entities[o.place][2:] for o in mixed.origins]
    assert [label[2:] for label in found.entities] == kinds
    assert repaired(found.entities) == found.entities
    assert is_tree(found)
    columns = (found.tags, found.entities, found.languages, found.heads, found.lemmas)
    assert {len(column) for column in columns} == {len(found.words)}


@pytest.mark.parametrize("method", ["random", "insertion", "ec"])
@given(ANY_BITEXT, st.integers(1, 8), st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_all_that_both_languages_express_is_said_once(
    method: str, bitext: Bitext, wanted: int, seed: int
) -> None:
    origins = mixer(method)(bitext, wanted, stream(seed)).origins
    said = [((FIRST, i) in origins) + ((SECOND, j) in origins) for i, j in bitext.links]
    assert said == [1] * len(bitext.links)


@pytest.mark.parametrize("method", METHODS)
def test_a_seed_gives_the_same_sentences_again(method: str) -> None:
    bitexts = [WORLD.translation("ava", "ost", "dev", i) for i in range(40)]
    mix = mixer(method, dictionary("ost"))
    first, again, other = (
        generate(bitexts, mix, count=20, seed=seed).sentences for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_a_word_is_replaced_by_a_translation_and_keeps_its_tag() -> None:
    bitext = _small()
    mixed = replace_words(bitext, 1.0, stream(0), dictionary={"dog": ["perro"], "cats": ["gatos"]})
    assert mixed.sentence.words == ("perro", "see", "gatos", ".")
    assert mixed.sentence.languages == ("xx", "en", "xx", "univ")
    assert mixed.sentence.tags == bitext.first.tags


def test_random_mixing_switches_as_often_as_asked_where_all_words_are_linked() -> None:
    bitext = _small()
    counts = [switches(mixer("random")(bitext, 2, stream(n)).sentence.languages or ())
              for n in range(50)]  # fmt: skip
    assert max(counts) == 2


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("other", ["avo", "kyr"])
@pytest.mark.parametrize("target", [0.15, 0.22])
def test_the_mean_switch_point_fraction_meets_its_target(
    method: str, other: str, target: float
) -> None:
    bitexts = (WORLD.translation("ava", other, "train", i) for i in range(3000))
    made = generate(bitexts, mixer(method, dictionary(other)), count=300, targets=(target,))
    assert len(made.sentences) == 300
    assert made.reached == (abs(made.spf - target) <= 0.1 * target)
    assert made.reached


def test_a_target_out_of_reach_is_said_to_be_so() -> None:
    bitexts = [WORLD.translation("ava", "tum", "dev", i) for i in range(200)]
    made = generate(bitexts, mixer("ec"), count=100, targets=(0.9,))
    assert not made.reached
    assert "not reached" in made.note()


def test_what_was_left_out_is_counted_by_reason() -> None:
    good = _small()
    cycle = replace(good, first=replace(good.first, heads=(2, 1, 2, 2)))
    treeless = replace(good, second=replace(good.second, heads=None))
    made = generate([good, cycle, treeless, replace(good, links=())], mixer("ec"), count=9)
    assert len(made.sentences) == 1
    assert made.left_out == {
        "no alignment": 1,
        "no tree": 1,
        "the tree has a cycle or not one root": 1,
    }


def test_a_method_that_is_mistyped_is_refused() -> None:
    with pytest.raises(DataError, match="did you mean 'insertion'"):
        mixer("insertoin")


def test_dictionary_replacement_needs_a_dictionary() -> None:
    with pytest.raises(DataError, match="no dictionary"):
        mixer("dictionary", {})

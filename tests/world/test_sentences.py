from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from reproduce.nouns.sentence import Sentence
from reproduce.world import SPLITS, World

CODES = tuple(World().languages)
N = 150


@pytest.fixture(scope="module")
def sentences(world: World) -> dict[str, list[Sentence]]:
    found = {code: [world.sentence(code, "dev", i) for i in range(N)] for code in CODES}
    for code in CODES:
        found[code] += [s for i in range(N // 5) for s in world.document(code, i)]
    return found


def test_every_annotation_has_one_entry_per_word(sentences: dict[str, list[Sentence]]) -> None:
    for found in sentences.values():
        for s in found:
            for layer in (s.tags, s.entities, s.heads, s.relations, s.languages, s.lemmas):
                assert layer is not None and len(layer) == len(s.words)


def test_every_tree_has_one_root_and_no_cycle(sentences: dict[str, list[Sentence]]) -> None:
    for found in sentences.values():
        for s in found:
            assert s.heads is not None and s.relations is not None
            assert s.heads.count(0) == s.relations.count("root") == 1
            assert s.relations[s.heads.index(0)] == "root"
            assert all(_reaches_root(s.heads, node) for node in range(len(s.words)))


def _reaches_root(heads: tuple[int, ...], node: int) -> bool:
    for _ in heads:
        if heads[node] == 0:
            return True
        node = heads[node] - 1
    return False


def test_entities_are_valid_bio_of_three_types(sentences: dict[str, list[Sentence]]) -> None:
    for found in sentences.values():
        seen: set[str] = set()
        for s in found:
            assert s.entities is not None
            seen |= set(s.entities)
            for before, here in zip(("O", *s.entities), s.entities, strict=False):
                assert not here.startswith("I-") or before[2:] == here[2:]
        assert seen == {"O", *(f"{b}-{t}" for b in "BI" for t in ("PER", "LOC", "ORG"))}


def test_sentences_have_five_to_twenty_five_words(sentences: dict[str, list[Sentence]]) -> None:
    for found in sentences.values():
        lengths = [len(s.words) for s in found]
        assert min(lengths) >= 5 and max(lengths) <= 25
        assert 9 < sum(lengths) / len(lengths) < 13


def test_words_are_lower_case(sentences: dict[str, list[Sentence]]) -> None:
    for found in sentences.values():
        assert all(word == word.lower() for s in found for word in s.words)


def test_some_words_have_several_tags(sentences: dict[str, list[Sentence]]) -> None:
    for found in sentences.values():
        tags: dict[str, Counter[str]] = defaultdict(Counter)
        for s in found:
            for word, tag in zip(s.words, s.tags or (), strict=True):
                tags[word][tag] += 1
        total = sum(c.total() for c in tags.values())
        ambiguous = sum(c.total() for c in tags.values() if len(c) > 1)
        assert ambiguous / total > 0.05


def test_names_are_of_several_types(world: World) -> None:
    types: dict[str, set[str]] = defaultdict(set)
    for i in range(600):
        s = world.sentence("ava", "train", i)
        for lemma, tag, entity in zip(s.lemmas or (), s.tags or (), s.entities or (), strict=True):
            if tag == "PROPN":
                types[lemma].add(entity[2:])
    assert sum(len(t) > 1 for t in types.values()) > len(types) / 5


def test_parallel_sentences_share_cluster_and_content(world: World) -> None:
    for i in range(40):
        found = [world.sentence(code, "test", i) for code in CODES]
        assert len({s.cluster for s in found}) == 1
        assert len({s.id for s in found}) == len(CODES)
        for tag in ("NOUN", "VERB", "ADJ", "PROPN", "NUM"):
            assert len({(s.tags or ()).count(tag) for s in found}) == 1, tag


def test_names_digits_and_punctuation_are_shared(world: World) -> None:
    for i in range(60):
        ava, tum = world.sentence("ava", "test", i), world.sentence("tum", "test", i)
        shared = [
            sorted(
                word for word, tag in zip(s.words, s.tags or (), strict=True)
                if tag == "PROPN" or word.isdigit() or word in ".?"
            )
            for s in (ava, tum)
        ]  # fmt: skip
        assert shared[0] == shared[1]


def test_pretraining_says_different_things_in_each_language(world: World) -> None:
    clusters = {world.sentence(code, "pretrain", 0).cluster for code in CODES}
    assert len(clusters) == len(CODES)


@pytest.mark.parametrize("code", ["ava", "kyr", "isk"])
def test_hardly_any_test_sentence_was_seen(world: World, code: str) -> None:
    train = {world.sentence(code, split, i).words for split in ("train", "pretrain", "dev")
             for i in range(700)}  # fmt: skip
    test = [world.sentence(code, "test", i).words for i in range(300)]
    assert sum(words in train for words in test) < 3


def test_splits_hold_disjoint_meanings(world: World) -> None:
    from reproduce.world.draw import stream
    from reproduce.world.meaning import bucket

    buckets: dict[str, set[int]] = {}
    for name, part in world._parts.items():
        draw = stream("test", name)
        events = (world._sampler.sentence(draw, part, 0) for _ in range(40))
        buckets[name] = {bucket(event) for event in events}
    names = list(buckets)
    assert not any(buckets[a] & buckets[b] for a in names for b in names if a < b)


def test_verbs_stand_where_the_order_says(world: World) -> None:
    share = {code: _verb_before_object(world, code) for code in CODES}
    assert all(share[c] > 0.95 for c in ("ava", "avo", "ost", "tum", "tol"))
    assert all(share[c] < 0.05 for c in ("kor", "kes", "kyr"))
    verb_first = [_verb_before_subject(world, c) for c in ("ava", "kor", "tum")]
    assert verb_first[0] < 0.05 and verb_first[1] < 0.05 and verb_first[2] > 0.9


def _verb_before_object(world: World, code: str) -> float:
    return _verb_first(world, code, "obj")


def _verb_before_subject(world: World, code: str) -> float:
    return _verb_first(world, code, "nsubj")


def _verb_first(world: World, code: str, relation: str) -> float:
    first = []
    for i in range(200):
        s = world.sentence(code, "test", i)
        for place, (head, rel, tag) in enumerate(
            zip(s.heads or (), s.relations or (), s.tags or (), strict=True)
        ):
            if rel == relation and tag != "PRON" and (s.tags or ())[head - 1] == "VERB":
                first.append(head - 1 < place)
    return sum(first) / len(first)


def test_one_language_is_in_another_script(world: World) -> None:
    words = [w for i in range(20) for w in world.sentence("kyr", "test", i).words if w.isalpha()]
    assert all("а" <= letter <= "я" for word in words for letter in word)


def test_an_unknown_language_or_split_is_refused(world: World) -> None:
    with pytest.raises(KeyError):
        world.sentence("xxx", "dev", 0)
    with pytest.raises(KeyError):
        world.sentence("ava", "validation", 0)
    assert "dev" in SPLITS

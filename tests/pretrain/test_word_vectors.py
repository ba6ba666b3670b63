from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sparse

from reproduce.pretrain.tokenizer import CLS, PAD, SEP, train_tokenizer
from reproduce.pretrain.word_table import (
    UNKNOWN,
    WordTable,
    make_table,
    spell,
    starting_vectors,
)
from reproduce.pretrain.word_vectors import (
    BOUNDARY,
    Running,
    WordVectors,
    _information,
    _pairs,
    make_word_vectors,
)

NOUNS = ("dog", "cat", "house", "tree", "river", "bird", "child", "stone")
VERBS = ("sees", "finds", "likes", "takes")
WORDS = {
    "en": ("the", *NOUNS, *VERBS, "."),
    "xx": ("ta", *(f"n{n}" for n in range(8)), *(f"v{n}" for n in range(4)), "."),
}


def running(code: str, seed: int = 0, sentences: int = 400) -> Running:
    """Sentences of a grammar: an article, a noun, a verb, an article, a noun, a full stop."""
    rng = np.random.default_rng(seed)
    rows = [
        [BOUNDARY, 0, 1 + rng.integers(8), 9 + rng.integers(4), 0, 1 + rng.integers(8), 13]
        for _ in range(sentences)
    ]
    return Running(list(WORDS[code]), np.array([*np.concatenate(rows), BOUNDARY], np.int32))


@pytest.fixture(scope="module")
def made() -> WordVectors:
    """Of the other language's words only the article and half of the nouns are translated."""
    known = {"xx": {"ta": {"the": 1.0}, **{f"n{n}": {NOUNS[n]: 1.0} for n in range(4)}}}
    known["xx"]["only"] = {"river": 1.0}
    texts = {"en": running("en"), "xx": running("xx", seed=1)}
    texts["xx"].words.append("only")  # it stands in the dictionary alone
    return make_word_vectors(texts, known, size=4, seed=0)


def vector(made: WordVectors, word: str) -> np.ndarray:
    return made.vectors[made.words.index(word)]


def test_pairs_are_counted_in_one_sentence_and_at_its_ends():
    found = _pairs(Running(["a", "b"], np.array([-1, 0, 1, -1, 1, -1])), 1).toarray()
    # [a before b, b before the end twice, the beginning before a and before b]
    assert found.tolist() == [[0, 1, 0], [0, 0, 2], [1, 1, 0]]


def test_information_is_that_of_a_dense_computation():
    counted = _pairs(running("en"), 2)
    table = counted.toarray()
    columns = table.sum(0) ** 0.75
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = np.log(table / (table.sum(1, keepdims=True) * columns / columns.sum()))
    expected[~(expected > 0)] = 0.0
    assert _information(sparse.csr_matrix(counted)).toarray() == pytest.approx(expected)


def test_words_of_a_kind_are_near_each_other_across_languages_translated_or_not(made):
    def nearness(one: tuple[str, ...], two: tuple[str, ...]) -> float:
        return float(np.mean([vector(made, a) @ vector(made, b) for a in one for b in two]))

    untranslated, verbs = ("n4", "n5", "n6", "n7"), ("v0", "v1", "v2", "v3")
    assert nearness(untranslated, NOUNS) > nearness(untranslated, VERBS) + 0.5
    assert nearness(verbs, VERBS) > nearness(verbs, NOUNS) + 0.5


def test_a_word_of_the_dictionary_alone_is_where_its_translation_is(made):
    assert vector(made, "only") @ vector(made, "river") > 0.9


def test_vectors_have_length_one_and_a_spelling_of_two_languages_has_one(made):
    assert made.words.count(".") == 1
    assert np.linalg.norm(made.vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert made.counts[made.words.index(".")] == 800


def test_the_same_text_gives_the_same_vectors(made):
    texts = {"en": running("en")}
    one, two = (make_word_vectors(texts, {}, size=4, seed=3) for _ in range(2))
    assert np.array_equal(one.vectors, two.vectors)


@pytest.fixture(scope="module")
def tokenizer():
    text = [" ".join(("the", *NOUNS[:4], "sees")) for _ in range(20)]
    return train_tokenizer([*text, "stone river"], 60)


def test_words_of_a_batch_are_found_as_written_capitalized_and_in_capitals(made, tokenizer):
    table = make_table(made, spell(made, tokenizer), tokenizer)
    dog, sees = made.words.index("dog"), made.words.index("sees")
    rows = [tokenizer.encode(text).ids for text in ("dog sees", "dog zzz")]
    ids = np.full((2, max(map(len, rows))), PAD, np.int32)
    for row, found in zip(ids, rows, strict=True):
        row[: len(found)] = found
    places, numbers = table.words_in(ids)
    first = numbers[: rows[0].index(SEP) + 1]
    assert [n for n in first if n != UNKNOWN] == [dog, sees]
    assert ids.ravel()[places[0]] == CLS and numbers[0] == UNKNOWN
    assert list(numbers[numbers != UNKNOWN]) == [dog, sees, dog]


def test_a_table_is_read_as_it_was_written(made, tokenizer, tmp_path):
    table = make_table(made, spell(made, tokenizer), tokenizer)
    table.save(tmp_path / "words.npz")
    again = WordTable.load(tmp_path / "words.npz", tokenizer)
    assert np.array_equal(again.hashes, table.hashes)
    assert np.array_equal(again.numbers, table.numbers)
    assert again.vectors == pytest.approx(table.vectors, abs=1e-3)


def test_a_sub_word_begins_with_the_vector_of_the_word_that_it_is(made, tokenizer):
    found = starting_vectors(made, spell(made, tokenizer), tokenizer.get_vocab_size())
    piece = tokenizer.token_to_id("dog")
    cosine = found[piece] @ vector(made, "dog") / np.linalg.norm(found[piece])
    assert cosine > 0.9
    assert np.linalg.norm(found[piece]) == pytest.approx(0.5)
    assert not found[[PAD, CLS, SEP]].any()

from __future__ import annotations

import numpy as np
import pytest

from reproduce.errors import DataError
from reproduce.models.checkpoint import load_tokenizer
from reproduce.nouns.sentence import SentencePair
from reproduce.tasks import TASKS
from reproduce.training.encode import concatenate, encode_examples, special_ids
from tests.training.factory import examples, sentence

POS, PAWSX = TASKS.get("pos"), TASKS.get("pawsx")
SENTIMENT, TEXT = TASKS.get("sentiment"), TASKS.get("text")


@pytest.fixture(scope="module")
def tokenizer(tiny_checkpoint):
    return load_tokenizer(tiny_checkpoint)


def row(encoded, number=0):
    ids = encoded.ids
    return ids.flat[ids.offsets[number] : ids.offsets[number + 1]].tolist()


def pair(first, second, label="different"):
    return SentencePair(sentence(*first), sentence(*second), label, "p", "c")


def test_sub_words_are_those_of_the_tokenizer_over_the_whole_sentence(tokenizer):
    made = examples("pos", 20)
    encoded = encode_examples(made, POS, tokenizer, max_length=64)
    special = special_ids(tokenizer)
    for number, example in enumerate(made):
        expected = tokenizer.encode(
            list(example.words), is_pretokenized=True, add_special_tokens=False
        )
        assert row(encoded, number) == [special.cls, *expected.ids, special.sep]
        starts = encoded.starts.flat[slice(*encoded.starts.offsets[number : number + 2])]
        words = [None, *expected.word_ids]
        assert [words[start] for start in starts] == list(range(len(example.words)))


def test_a_word_without_sub_words_becomes_unknown_and_keeps_its_label(tokenizer):
    made = [sentence("the", "\u200b\x00", "dog", tags=("DET", "X", "NOUN"))]
    encoded = encode_examples(made, POS, tokenizer, max_length=16)
    assert row(encoded)[2] == special_ids(tokenizer).unknown
    assert encoded.starts.flat.tolist() == [1, 2, 3]


def test_words_beyond_the_longest_length_are_counted_and_keep_their_labels(tokenizer):
    made = [sentence(*["the"] * 10, tags=("DET",) * 10)]
    encoded = encode_examples(made, POS, tokenizer, max_length=8)
    assert len(row(encoded)) == 8
    assert len(encoded.starts.flat) == 6
    assert encoded.truncated.tolist() == [4]
    assert len(encoded.labels.flat) == 10


def test_pairs_are_cut_at_the_longer_sentence(tokenizer):
    encoded = encode_examples([pair(["the"] * 9, ["dog"] * 2)], PAWSX, tokenizer, max_length=8)
    assert len(row(encoded)) == 8
    assert encoded.second.tolist() == [5]
    assert encoded.truncated.tolist() == [1]


def test_nothing_is_counted_where_all_fits(tokenizer):
    encoded = encode_examples([pair(["the"], ["dog"])], PAWSX, tokenizer, max_length=8)
    assert encoded.truncated.tolist() == [0]


def test_parallel_sentences_share_their_hashed_cluster(tokenizer):
    made = [sentence("the", number=3, tags=("DET",)), sentence("dog", number=3, tags=("NOUN",))]
    clusters = encode_examples(made, POS, tokenizer, max_length=8).clusters
    assert clusters[0] == clusters[1] == np.int64(-280182092371827054)


@pytest.mark.parametrize(
    ("example", "task", "message"),
    [
        (sentence("the", tags=("Det",)), POS, "'Det' is no label of pos"),
        (sentence("the"), POS, "no annotation for pos"),
        (sentence(tags=()), POS, "without words"),
        (pair(["the"], []), PAWSX, "without words"),
        (pair(["the"], ["dog"], "same"), PAWSX, "'same' is no label of pawsx"),
        (pair(["the"], ["dog"]), POS, "this is a pair"),
        (pair(["the"], ["dog"]), SENTIMENT, "labels single sentences"),
        (sentence("the"), SENTIMENT, "no annotation for sentiment"),
        (sentence("the", label="fine"), SENTIMENT, "'fine' is no label of sentiment"),
    ],
)
def test_what_cannot_be_trained_on_is_refused(tokenizer, example, task, message):
    with pytest.raises(DataError, match=message):
        encode_examples([example], task, tokenizer, max_length=8)


def test_an_empty_slice_is_refused(tokenizer):
    with pytest.raises(DataError, match="no examples"):
        encode_examples([], POS, tokenizer, max_length=8)


def test_slices_joined_are_the_slices_encoded_together(tokenizer):
    made = examples("pos", 9)
    together = encode_examples(made, POS, tokenizer, max_length=16)
    parts = [encode_examples(p, POS, tokenizer, max_length=16) for p in (made[:4], made[4:])]
    joined = concatenate(parts)
    for name in ("ids", "starts", "labels"):
        found, expected = getattr(joined, name), getattr(together, name)
        assert found.flat.tolist() == expected.flat.tolist()
        assert found.offsets.tolist() == expected.offsets.tolist()
    assert joined.keys.tolist() == together.keys.tolist()


def test_a_long_sentence_is_split_between_words_and_loses_none(tokenizer):
    words = ["the", "dog", "sees"] * 5
    made = [sentence(*words, tags=("DET", "NOUN", "VERB") * 5), sentence("the", tags=("DET",))]
    encoded = encode_examples(made, POS, tokenizer, max_length=8, long="split")
    assert encoded.truncated.sum() == 0
    assert len(encoded.starts.flat) == len(encoded.labels.flat) == 16
    assert encoded.ids.lengths().max() <= 8
    whole = encode_examples(made, POS, tokenizer, max_length=64)
    assert encoded.labels.flat.tolist() == whole.labels.flat.tolist()
    inner = [n for i in range(len(encoded)) for n in row(encoded, i)[1:-1]]
    assert inner == [n for i in range(2) for n in row(whole, i)[1:-1]]
    assert len(set(encoded.clusters[:-1])) == 1


def test_a_word_longer_than_the_row_stands_alone_with_its_label(tokenizer):
    made = [sentence("the", "abcdefghijklmnop", "dog", tags=("DET", "X", "NOUN"))]
    encoded = encode_examples(made, POS, tokenizer, max_length=8, long="split")
    assert (len(encoded), encoded.starts.flat.tolist()) == (3, [1, 1, 1])
    assert encoded.truncated.sum() == 0


def test_pairs_are_cut_even_where_sentences_are_split(tokenizer):
    made = [pair(["the"] * 9, ["dog"] * 2)]
    encoded = encode_examples(made, PAWSX, tokenizer, max_length=8, long="split")
    assert encoded.truncated.tolist() == [1]


def test_the_labelled_place_of_a_sentence_is_its_first(tokenizer):
    made = [sentence("the", "dog", label="positive"), sentence("cat", label="negative")]
    encoded = encode_examples(made, SENTIMENT, tokenizer, max_length=64)
    assert row(encoded) == row(encode_examples(made[:1], TEXT, tokenizer, max_length=64))
    assert encoded.starts.flat.tolist() == [0, 0]
    assert encoded.labels.flat.tolist() == [2, 0]
    assert encoded.truncated.tolist() == [0, 0]


def test_a_sentence_with_one_label_is_cut_and_never_split(tokenizer):
    # The label has as many letters as the sentence has words.
    made = [sentence(*["the"] * 8, label="positive")]
    encoded = encode_examples(made, SENTIMENT, tokenizer, max_length=6, long="split")
    assert len(encoded) == 1
    assert len(row(encoded)) == 6
    assert encoded.truncated.tolist() == [1]


def test_text_needs_no_annotation(tokenizer):
    encoded = encode_examples([sentence("the", "dog")], TEXT, tokenizer, max_length=8)
    assert encoded.labels.flat.tolist() == [0]

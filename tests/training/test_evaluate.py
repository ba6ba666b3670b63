from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seqeval.metrics import f1_score
from seqeval.metrics.sequence_labeling import get_entities

from reproduce.models.checkpoint import load_tokenizer
from reproduce.tasks import TASKS
from reproduce.training.encode import encode_examples
from reproduce.training.evaluate import count, find_spans, score
from tests.training.factory import examples, sentence

NER, POS = TASKS.get("ner"), TASKS.get("pos")
label = st.integers(0, len(NER.labels) - 1)
sequences = st.lists(st.lists(label, min_size=1, max_size=8), min_size=1, max_size=6)
doubled = sequences.flatmap(
    lambda gold: st.tuples(
        st.just(gold),
        st.tuples(*[st.lists(label, min_size=len(s), max_size=len(s)) for s in gold]),
    )
)


def flat(sequences):
    offsets = np.cumsum([0, *map(len, sequences)])
    return np.array([n for s in sequences for n in s], dtype=np.int64), offsets


def names(sequences):
    return [[NER.labels[n] for n in s] for s in sequences]


@pytest.fixture(scope="module")
def tokenizer(tiny_checkpoint):
    return load_tokenizer(tiny_checkpoint)


def encoded_as(tokenizer, gold):
    made = [sentence(*["the"] * len(s), entities=tuple(NER.labels[n] for n in s)) for s in gold]
    return encode_examples(made, NER, tokenizer, max_length=32)


@given(sequences)
def test_spans_are_those_of_seqeval(sequences):
    values, offsets = flat(sequences)
    found = find_spans(NER.labels, values, offsets)
    expected = []
    for start, tags in zip(offsets, names(sequences), strict=False):
        expected += [(kind, a + start, b + start) for kind, a, b in get_entities(tags)]
    kinds = ["", *sorted({name[2:] for name in NER.labels} - {""})]
    assert [
        (kinds[k], a, b) for a, b, k in zip(found.first, found.last, found.kind, strict=True)
    ] == expected


@pytest.mark.filterwarnings("ignore:.*:sklearn.exceptions.UndefinedMetricWarning")
def test_span_f1_is_that_of_seqeval(tokenizer):
    @given(doubled)
    def check(both):
        gold, predicted = both
        data = encoded_as(tokenizer, gold)
        statistics = count(NER, data, flat(predicted)[0].astype(np.int16))
        expected = f1_score(names(gold), names(predicted), zero_division=0)
        assert score(NER, statistics) == pytest.approx(float(expected), abs=1e-12)
        assert len(statistics) == len(gold)

    check()


def test_statistics_stand_in_the_row_of_their_sentence(tokenizer):
    gold = [[1, 2, 0], [0, 0], [5]]
    predicted = [[1, 2, 0], [3, 0], [0]]
    statistics = count(NER, encoded_as(tokenizer, gold), flat(predicted)[0].astype(np.int16))
    assert statistics.tolist() == [[1, 1, 1], [0, 1, 0], [0, 0, 1]]


def test_a_word_that_was_cut_off_counts_as_outside_of_spans(tokenizer):
    data = encoded_as(tokenizer, [[1, 2]])
    assert count(NER, data, np.array([1, -1], dtype=np.int16)).tolist() == [[0, 1, 1]]


def test_a_word_that_was_cut_off_counts_as_wrong(tokenizer):
    data = encode_examples(
        [sentence("the", "the", tags=("ADJ", "ADJ"))], POS, tokenizer, max_length=8
    )
    assert count(POS, data, np.array([0, -1], dtype=np.int16)).tolist() == [[1, 2]]


def test_accuracy_counts_words_by_sentence(tokenizer):
    data = encode_examples(examples("pos", 5), POS, tokenizer, max_length=32)
    predictions = data.labels.flat.astype(np.int16)
    predictions[0] = (predictions[0] + 1) % 17
    statistics = count(POS, data, predictions)
    assert statistics[:, 1].tolist() == data.labels.lengths().tolist()
    assert (statistics[:, 1] - statistics[:, 0]).tolist() == [1, 0, 0, 0, 0]


def test_span_f1_without_any_span_is_zero():
    assert score(NER, np.zeros((3, 3), dtype=np.int32)) == 0

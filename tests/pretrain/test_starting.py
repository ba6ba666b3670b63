from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import torch

from reproduce.pretrain.corpus import Shard
from reproduce.pretrain.starting import _counts, _information, starting_vectors

VOCABULARY = 30


def shard(seed: int = 0, sentences: int = 200) -> Shard:
    """Sentences of a grammar: an article, a noun, a verb, an article, a noun."""
    rng = np.random.default_rng(seed)
    rows = [
        [5 + rng.integers(2), 7 + rng.integers(8), 15 + rng.integers(5), 5, 7 + rng.integers(8)]
        for _ in range(sentences)
    ]
    ids = np.concatenate(rows).astype(np.int32)
    ends = np.arange(0, 5 * sentences + 1, 5, dtype=np.int32)
    documents = np.arange(sentences + 1, dtype=np.int32)
    return Shard(ids, ends, documents, np.zeros(sentences, np.int32))


def test_pairs_are_counted_inside_sentences_alone():
    made = shard()
    keys, counts = _counts([made], VOCABULARY, (1,), both=False)
    expected: Counter[tuple[int, int]] = Counter()
    for start, stop in zip(made.sentences, made.sentences[1:], strict=False):
        words = made.ids[start:stop].tolist()
        expected.update(zip(words, words[1:], strict=False))
    found = {
        (int(key) // VOCABULARY, int(key) % VOCABULARY): int(count)
        for key, count in zip(keys, counts, strict=True)
    }
    assert found == dict(expected)


def test_information_is_that_of_a_dense_computation():
    keys, counts = _counts([shard()], VOCABULARY, (2, 3), both=True)
    found = _information(keys, counts, VOCABULARY).to_dense().numpy()
    table = np.zeros((VOCABULARY, VOCABULARY))
    table[keys // VOCABULARY, keys % VOCABULARY] = counts
    columns = table.sum(0) ** 0.75
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = np.log(table / (table.sum(1, keepdims=True) * columns / columns.sum()))
    expected[~(expected > 0)] = 0.0
    assert found == pytest.approx(expected, abs=1e-6)


def test_words_of_a_kind_begin_near_each_other_and_unseen_ones_at_nothing():
    vectors = starting_vectors([shard()], VOCABULARY, 6, seed=0)
    alike = torch.nn.functional.normalize(vectors, dim=1)
    nouns, verbs = alike[7:15], alike[15:20]
    assert (nouns @ nouns.T).mean() > (nouns @ verbs.T).mean() + 0.5
    assert torch.all(vectors[20:] == 0)
    assert vectors[5:20].norm(dim=1).tolist() == pytest.approx([0.5] * 15, abs=1e-5)


def test_the_same_text_gives_the_same_vectors():
    one, two = (starting_vectors([shard()], VOCABULARY, 6, seed=3) for _ in range(2))
    assert torch.equal(one, two)

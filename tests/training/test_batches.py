from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from reproduce.models.checkpoint import load_tokenizer
from reproduce.tasks import TASKS
from reproduce.training.batches import Layout, evaluation_rows, make_batch, training_rows
from reproduce.training.encode import encode_examples
from tests.training.factory import examples

lengths = st.lists(st.integers(3, 60), min_size=1, max_size=300).map(np.array)


@pytest.fixture(scope="module")
def tokenizer(tiny_checkpoint):
    return load_tokenizer(tiny_checkpoint)


@given(lengths, st.integers(1, 40), st.integers(0, 5))
def test_an_epoch_sees_every_row_once(lengths, size, seed):
    batches = training_rows(lengths, size, seed)
    assert sorted(np.concatenate(batches).tolist()) == list(range(len(lengths)))
    assert max(map(len, batches)) <= size
    assert len(batches) == -(-len(lengths) // size)


@given(lengths, st.integers(60, 500))
def test_evaluation_sees_every_row_once_within_its_budget(lengths, budget):
    batches = list(evaluation_rows(lengths, budget))
    assert sorted(np.concatenate(batches).tolist()) == list(range(len(lengths)))
    assert all(len(rows) * lengths[rows].max() <= budget for rows in batches)


def test_a_row_longer_than_the_budget_stands_alone():
    assert [rows.tolist() for rows in evaluation_rows(np.array([90, 5]), 20)] == [[1], [0]]


def test_training_batches_have_hardly_any_padding_and_no_order_of_length():
    lengths = np.random.default_rng(0).integers(5, 60, size=2000)
    batches = training_rows(lengths, 32, seed=0)
    padded = sum(lengths[rows].max() * len(rows) for rows in batches)
    assert padded / lengths.sum() < 1.08
    means = [lengths[rows].mean() for rows in batches]
    assert abs(np.corrcoef(means, range(len(means)))[0, 1]) < 0.4


def test_epochs_differ_by_their_seed_alone():
    lengths = np.arange(3, 103)
    first, again, other = (training_rows(lengths, 8, seed) for seed in (1, 1, 2))
    assert [rows.tolist() for rows in first] == [rows.tolist() for rows in again]
    assert [rows.tolist() for rows in first] != [rows.tolist() for rows in other]


def test_a_batch_of_sentences_is_what_its_rows_say(tokenizer):
    made = examples("pos", 12)
    task = TASKS.get("pos")
    encoded = encode_examples(made, task, tokenizer, max_length=12)
    rows = np.array([7, 2, 9])
    batch = make_batch(encoded, rows, Layout(pad=0, restart=True))
    assert batch.segments is None
    assert not batch.types.any()
    labels, words = [], []
    for place, row in enumerate(rows):
        ids = encoded.ids.flat[encoded.ids.offsets[row] : encoded.ids.offsets[row + 1]]
        assert batch.ids[place][batch.mask[place]].tolist() == ids.tolist()
        assert not batch.ids[place][~batch.mask[place]].any()
        starts = encoded.starts.flat[encoded.starts.offsets[row] : encoded.starts.offsets[row + 1]]
        words += (starts + place * batch.ids.shape[1]).tolist()
        labels += [task.labels.index(tag) for tag in made[row].tags][: len(starts)]
    assert batch.words.tolist() == words
    assert batch.labels.tolist() == labels


def test_a_batch_of_pairs_knows_both_sentences(tokenizer):
    encoded = encode_examples(examples("pawsx", 6), TASKS.get("pawsx"), tokenizer, max_length=64)
    batch = make_batch(encoded, np.array([3, 0]), Layout(pad=0, restart=True))
    torch.testing.assert_close(batch.segments.sum(dim=2), torch.ones(2, 2))
    for place, row in enumerate((3, 0)):
        second, size = encoded.second[row], encoded.ids.lengths()[row]
        expected = [0] * second + [1] * (size - second)
        assert batch.types[place, :size].tolist() == expected
        assert batch.segments[place, 0].nonzero()[:, 0].tolist() == list(range(1, second - 1))
        assert batch.segments[place, 1].nonzero()[:, 0].tolist() == list(range(second, size - 1))
        restarted = [*range(second), *range(1, size - second + 1)]
        assert batch.positions[place, :size].tolist() == restarted


def test_positions_run_on_where_they_are_not_restarted(tokenizer):
    encoded = encode_examples(examples("pawsx", 2), TASKS.get("pawsx"), tokenizer, max_length=64)
    batch = make_batch(encoded, np.array([0, 1]), Layout(pad=0, restart=False))
    assert batch.positions.tolist() == [list(range(batch.ids.shape[1]))] * 2

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reproduce.pretrain.corpus import Corpus
from reproduce.pretrain.examples import batches, mask
from reproduce.pretrain.tokenizer import CLS, MASK, PAD, SEP


@pytest.fixture
def shard(fake_world, tiny, monkeypatch):
    monkeypatch.setattr("reproduce.pretrain.corpus.TOKENIZER_DOCUMENTS", 40)
    return Corpus(fake_world, tiny).shard(0)


def rows(made):
    for batch in made:
        for ids, segments in zip(batch.ids, batch.segments, strict=True):
            keep = ids != PAD
            yield ids[keep], segments[keep]


def test_every_sub_word_of_a_shard_is_trained_once(shard, tiny):
    made = batches(shard, replace(tiny, restate_share=0.0), np.random.default_rng(0))
    assert sum(batch.tokens for batch in made) == len(shard.ids)
    seen = np.concatenate([ids[(ids != CLS) & (ids != SEP)] for ids, _ in rows(made)])
    assert np.array_equal(np.sort(seen), np.sort(shard.ids))


def test_examples_have_the_shape_of_bert(shard, tiny):
    for ids, segments in rows(batches(shard, tiny, np.random.default_rng(0))):
        assert ids[0] == CLS and ids[-1] == SEP
        assert (ids == SEP).sum() == 1 + segments[-1]
        assert segments.sum() == 0 or segments[np.flatnonzero(ids == SEP)[0] + 1 :].all()


def test_padding_is_small_and_batches_keep_their_budget(shard, tiny):
    made = batches(shard, tiny, np.random.default_rng(0))
    sizes = sum(batch.ids.size for batch in made)
    assert sum((batch.ids != PAD).sum() for batch in made) > 0.93 * sizes
    assert max(batch.ids.size for batch in made) <= tiny.batch_tokens


def test_restated_pairs_repeat_their_first_segment(shard, tiny):
    recipe = replace(tiny, pair_share=1.0, restate_share=1.0)
    for ids, segments in rows(batches(shard, recipe, np.random.default_rng(0))):
        if segments.any():
            assert np.array_equal(ids[1:][segments[1:] == 0], ids[segments == 1])


def test_masks_have_their_share_and_their_kinds(shard, tiny):
    batch = batches(shard, tiny, np.random.default_rng(0))[0]
    flat, seen, chosen = batch.ids.ravel(), [], []
    for seed in range(20):
        masked = mask(batch, 0.2, 120, np.random.default_rng(seed))
        assert np.array_equal(masked.labels, flat[masked.places])
        changed = masked.ids.ravel() != flat
        assert set(np.flatnonzero(changed)) <= set(masked.places)
        seen.append(masked.ids.ravel()[masked.places])
        chosen.append(len(masked.places))
    assert np.mean(chosen) == pytest.approx(0.2 * batch.tokens, rel=0.05)
    assert np.mean(np.concatenate(seen) == MASK) == pytest.approx(0.8, abs=0.03)
    assert np.concatenate(seen).max() < 120


def test_special_sub_words_are_never_predicted(shard, tiny):
    batch = batches(shard, tiny, np.random.default_rng(0))[0]
    masked = mask(batch, 0.9, 120, np.random.default_rng(0))
    assert not set(masked.labels.tolist()) & {PAD, CLS, SEP}

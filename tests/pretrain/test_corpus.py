from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from reproduce.errors import UserError
from reproduce.pretrain import corpus as corpus_module
from reproduce.pretrain.corpus import Corpus, read_shard, rewriter, write_shard


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(corpus_module, "TOKENIZER_DOCUMENTS", 40)
    monkeypatch.setattr(corpus_module, "SHARD_DOCUMENTS", 20)


def test_a_shard_holds_the_documents_of_all_languages(fake_world, tiny):
    made = Corpus(fake_world, tiny)
    shard = made.shard(2)
    assert Counter(shard.languages.tolist()) == {0: 20, 1: 20}
    first = fake_world.document("ava", 40)
    assert shard.documents[1] == len(first)
    start, stop = shard.sentences[0], shard.sentences[1]
    decoded = made.tokenizer.decode(shard.ids[start:stop])
    assert decoded.replace(".", " .") == " ".join(first[0].words)


def test_a_shard_read_from_disk_is_the_one_written(fake_world, tiny, tmp_path):
    shard = Corpus(fake_world, tiny).shard(0)
    write_shard(shard, tmp_path / "00000.npz")
    read = read_shard(tmp_path / "00000.npz")
    assert all(np.array_equal(vars(read)[name], array) for name, array in vars(shard).items())
    assert [path.name for path in tmp_path.iterdir()] == ["00000.npz"]


def test_held_out_documents_are_not_trained_on(fake_world, tiny):
    made = Corpus(fake_world, tiny)
    assert not np.array_equal(made.shard(-1).ids, made.shard(0).ids)


def test_scrambled_text_keeps_the_words_and_loses_their_order():
    words = tuple("abcdefghij")
    changed = rewriter("scrambled", {})(words, "ava", np.random.default_rng(0))
    assert sorted(changed) == sorted(words) and changed != words


def test_topic_free_text_keeps_lengths_and_draws_from_the_language():
    draw = rewriter("topic-free", {"ava": ("x", "x", "y")})
    changed = draw(tuple("abcdef" * 50), "ava", np.random.default_rng(0))
    counts = Counter(changed)
    assert set(counts) == {"x", "y"} and len(changed) == 300
    assert 150 < counts["x"] < 250


def test_an_unknown_arm_is_refused_with_the_known_ones(tiny):
    with pytest.raises(UserError, match="full, scrambled, topic-free"):
        replace(tiny, arm="shuffled")

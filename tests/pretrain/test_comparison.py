from __future__ import annotations

import numpy as np
import pytest
from tokenizers import Tokenizer

from reproduce.pretrain.comparison import DAMAGE, Comparison, comparisons
from reproduce.pretrain.corpus import Corpus, Shard
from reproduce.pretrain.examples import Batch
from reproduce.pretrain.tokenizer import CLS, PAD, SEP, word_beginnings


@pytest.fixture
def corpus(fake_world, tiny, monkeypatch):
    monkeypatch.setattr("reproduce.pretrain.corpus.TOKENIZER_DOCUMENTS", 40)
    monkeypatch.setattr("reproduce.pretrain.corpus.SHARD_DOCUMENTS", 400)
    return Corpus(fake_world, tiny)


def made_of(corpus, recipe) -> list[Comparison | Batch]:
    begins = word_beginnings(corpus.tokenizer)
    return comparisons(
        corpus.shard(0), recipe, recipe.comparing[0], np.random.default_rng(1), begins
    )


def rows_of(made: list[Comparison | Batch]):
    """First segment, second segment, marks of the second, damage."""
    for comparison in made:
        if isinstance(comparison, Comparison):
            batch = comparison.batch
            for row in range(len(batch.ids)):
                inside = (batch.ids[row] != PAD) & (batch.ids[row] != SEP) & (batch.ids[row] != CLS)
                one, two = (inside & (batch.segments[row] == side) for side in (0, 1))
                yield (
                    batch.ids[row][one].tolist(),
                    batch.ids[row][two].tolist(),
                    comparison.marks[row][two].tolist(),
                    DAMAGE[comparison.damage[row]],
                )


def repeated(recipe):
    from dataclasses import replace

    stage = replace(recipe.comparing[0], masked=0.0)
    return replace(recipe, comparison_repeated=1.0, comparing=(stage,))


def test_every_kind_of_damage_occurs_about_equally_often(corpus, tiny):
    kinds = [damage for *_, damage in rows_of(made_of(corpus, repeated(tiny)))]
    assert len(kinds) > 100
    for kind in DAMAGE:
        assert kinds.count(kind) / len(kinds) == pytest.approx(0.2, abs=0.1)


def test_an_intact_repetition_is_the_sentence_itself_without_a_mark(corpus, tiny):
    rows = [r for r in rows_of(made_of(corpus, repeated(tiny))) if r[3] == "intact"]
    assert rows
    assert all(first == second and not any(marks) for first, second, marks, _ in rows)


def test_what_is_not_marked_stood_in_the_sentence_before(corpus, tiny):
    for first, second, marks, damage in rows_of(made_of(corpus, repeated(tiny))):
        kept = [piece for piece, mark in zip(second, marks, strict=True) if not mark]
        assert not set(kept) - set(first)
        if damage == "exchanged":
            assert sorted(second) == sorted(first)
        if damage == "dropped":
            assert len(second) < len(first) and not any(marks)


def test_pairs_are_sentences_of_one_document_that_share_words(corpus, tiny):
    shard: Shard = corpus.shard(0)
    sentences = {
        tuple(shard.ids[a:b].tolist())
        for a, b in zip(shard.sentences[:-1], shard.sentences[1:], strict=True)
    }
    for first, *_ in rows_of(made_of(corpus, tiny)):
        assert tuple(first) in sentences


def test_the_same_seed_makes_the_same_batches(corpus, tiny):
    one, two = (list(rows_of(made_of(corpus, tiny))) for _ in range(2))
    assert one == two


def test_word_beginnings_are_pieces_without_the_mark_of_continuation(corpus):
    tokenizer: Tokenizer = corpus.tokenizer
    begins = word_beginnings(tokenizer)
    assert begins[CLS]
    assert {tokenizer.id_to_token(i)[:2] for i in np.flatnonzero(~begins)} == {"##"}

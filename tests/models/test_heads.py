from __future__ import annotations

import dataclasses

import pytest
import torch

from reproduce.errors import UserError
from reproduce.models.heads import ClsPairHead, MatchedPairHead, WordHead, pair_head
from tests.models.factory import make_batch


def test_the_word_head_reads_first_sub_words():
    batch = make_batch([4, 2])
    batch = dataclasses.replace(batch, words=torch.tensor([1, 5]))
    tokens = torch.randn(2, 4, 8)
    head = WordHead(8, 3, dropout=0.0)
    expected = head.linear(torch.stack([tokens[0, 1], tokens[1, 1]]))
    torch.testing.assert_close(head(tokens, batch), expected)


def test_the_matched_head_compares_the_means_of_both_sentences():
    segments = torch.zeros(1, 2, 6)
    segments[0, 0, 1:3], segments[0, 1, 4] = 0.5, 1
    batch = dataclasses.replace(make_batch([6]), segments=segments)
    tokens = torch.randn(1, 6, 8)
    head = MatchedPairHead(8, 3, dropout=0.0)
    u, v = tokens[0, 1:3].mean(0), tokens[0, 4]
    expected = head.linear(torch.cat([tokens[0, 0], (u - v).abs(), u * v]))
    torch.testing.assert_close(head(tokens, batch)[0], expected)


def test_the_cls_head_reads_the_first_token_alone():
    tokens = torch.randn(2, 4, 8)
    other = tokens.clone()
    other[:, 1:] = 0
    head, batch = ClsPairHead(8, 3, dropout=0.0), make_batch([4, 4])
    assert torch.equal(head(tokens, batch), head(other, batch))


def test_an_unknown_pair_head_is_refused():
    with pytest.raises(UserError, match="unknown pair head 'mean'"):
        pair_head("mean")

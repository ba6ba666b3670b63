from __future__ import annotations

from reproduce.extract.cuts import cut_length, is_cut


def test_a_length_that_unended_claims_share_is_the_limit() -> None:
    quotes = ["x" * 120, "y" * 120, "short", "A sentence."]
    assert cut_length(quotes) == 120


def test_sentences_that_end_show_no_limit() -> None:
    assert cut_length(["One sentence.", "Two sentences."]) is None


def test_a_space_at_the_cut_is_not_counted() -> None:
    assert is_cut("x" * 119, 120)


def test_a_sentence_as_long_as_the_limit_is_whole() -> None:
    assert not is_cut("x" * 119 + ".", 120)


def test_a_claim_longer_than_the_limit_is_cut_too() -> None:
    assert is_cut("$B \\times T$" + "x" * 120, 120)  # markup is counted on one side only


def test_a_short_phrase_is_whole() -> None:
    assert not is_cut("better transfer", 120)


def test_dots_say_that_a_claim_is_cut() -> None:
    assert is_cut("the method improves …", None)
    assert is_cut("the method improves...", None)

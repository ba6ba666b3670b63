from __future__ import annotations

from collections import Counter

import pytest

from reproduce.pretrain.kin import borrow, mean

GERMAN = {
    "wasser": {"water": 1.0},
    "machen": {"make": 0.6, "do": 0.4},
    "in": {"in": 1.0},
    "haus": {"house": 1.0},
}


def counts(text: str) -> Counter[str]:
    return Counter(text.split())


def test_words_spelled_the_same_are_borrowed():
    known = {"de": dict(GERMAN), "nl": {}}
    lenders = borrow({"nl": counts("in huis in water")}, known)
    assert lenders == {"nl": ("de",)}
    assert known["nl"]["in"] == {"in": 1.0}
    assert "huis" not in known["nl"]  # too short to be taken for "haus"


@pytest.mark.parametrize("word", ["wassers", "waser", "wesser"])
def test_a_long_word_may_have_one_letter_more_less_or_another(word):
    known = {"de": dict(GERMAN)}
    borrow({"nl": counts(f"in in in {word}")}, known)
    assert known["nl"][word] == {"water": 1.0}


def test_a_word_that_differs_in_two_letters_is_another_one():
    known = {"de": dict(GERMAN)}
    borrow({"nl": counts("in in in wessars")}, known)
    assert "wessars" not in known["nl"]


def test_a_language_whose_words_no_other_has_borrows_nothing():
    known = {"de": dict(GERMAN)}
    assert borrow({"te": counts("నీరు ఇల్లు 7 .")}, known) == {"te": ()}
    assert known["te"] == {}


def test_a_language_with_much_text_lends_what_it_borrowed():
    known = {"de": dict(GERMAN)}
    lenders = borrow({"af": counts("waters in"), "nl": counts("in in in wassers waters")}, known)
    assert "nl" in lenders["af"]
    assert known["af"]["in"] == {"in": 1.0}


def test_a_language_that_has_translations_keeps_them():
    known = {"de": dict(GERMAN), "fr": {"eau": {"water": 1.0}}}
    borrow({"fr": counts("eau in in")}, known)
    assert known["fr"] == {"eau": {"water": 1.0}}


def test_a_mean_of_meanings_sums_to_one():
    found = mean([(1.0, {"make": 0.6, "do": 0.4}), (0.3, {"make": 1.0})])
    assert found == pytest.approx({"make": 0.9 / 1.3, "do": 0.4 / 1.3})

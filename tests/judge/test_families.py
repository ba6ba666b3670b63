import pytest

from reproduce.judge.families import Member, adjust


def member(p, **changes):
    fields = {
        "family": "a",
        "role": "confirmatory",
        "contract": False,
        "p_support": p,
        "p_refute": 1.0,
        "looks": 1,
    }
    return Member(**{**fields, **changes})


def test_holm_runs_within_each_family_of_confirmatory_claims():
    found = adjust([member(0.01), member(0.04), member(0.03, family="b")], {"a": 2, "b": 1})
    assert [a.support.adjusted for a in found] == pytest.approx([0.02, 0.04, 0.03])
    assert {a.support.method for a in found} == {"holm"}


def test_contracts_and_controls_are_never_members():
    others = [member(0.01, contract=True), member(0.01, role="control"), member(0.02)]
    found = adjust(others, {"a": 1})
    assert [a.support.adjusted for a in found] == pytest.approx([0.01, 0.01, 0.02])


def test_exploratory_claims_are_adjusted_by_their_discovery_rate():
    found = adjust([member(p, role="exploratory") for p in (0.01, 0.02, 0.9)], {"a": 7})
    assert [a.support.adjusted for a in found] == pytest.approx([0.03, 0.03, 0.9])
    assert found[0].support.method == "benjamini-hochberg"


def test_a_family_that_grew_beyond_the_book_counts_its_members():
    found = adjust([member(0.01), member(0.5)], {})
    assert found[0].support.adjusted == pytest.approx(0.02)


def test_looks_are_paid_before_the_family():
    [found] = adjust([member(0.01, looks=2)], {"a": 3})
    assert found.support.raw == 0.01
    assert found.support.adjusted == pytest.approx(0.06)


def test_a_family_with_one_member_pays_nothing():
    [alone] = adjust([member(0.04)], {"a": 1})
    assert (alone.support.raw, alone.support.adjusted) == (0.04, 0.04)
    assert (alone.support.method, alone.support.family_size) == ("holm", 1)

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reproduce.report import text


@given(st.text(alphabet=st.characters(categories=None)))
def test_what_is_shown_has_no_hidden_characters(written: str) -> None:
    shown = text.visible(written)
    kept = {"\n", "\t", "\N{ZERO WIDTH JOINER}", "\N{ZERO WIDTH NON-JOINER}"}
    hidden = {c for c in shown if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}}
    assert hidden <= kept
    shown.encode()


@given(st.text(alphabet="aäßжשعक漢한 .,;'\"<>&\n", max_size=50))
def test_ordinary_writing_is_left_alone(written: str) -> None:
    assert text.visible(written) == written


def test_a_direction_override_is_spelled_out() -> None:
    assert text.visible("a\u202eb") == "a⟨U+202E⟩b"


def test_a_pile_of_marks_is_cut() -> None:
    assert text.visible("a" + "\u0301" * 50) == "a" + "\u0301" * 4


@pytest.mark.parametrize(
    ("value", "shown"), [(0.416, "+0.42"), (-0.314, "−0.31"), (-0.001, "0.00"), (None, "–")]
)
def test_differences_carry_their_sign(value: float | None, shown: str) -> None:
    assert text.signed(value) == shown


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (-0.3, 1.1, "[−0.30, +1.10]"),
        (None, 1.1, "(−∞, +1.10]"),
        (0.2, None, "[+0.20, ∞)"),
        (None, None, "–"),
    ],
)
def test_intervals(low: float | None, high: float | None, shown: str) -> None:
    assert text.interval(low, high) == shown


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (1.0, None, "above +1"),
        (None, 0.0, "below 0"),
        (-0.5, 0.55, "between −0.5 and +0.55"),
        (10.0, None, "above +10"),
    ],
)
def test_regions(low: float | None, high: float | None, shown: str) -> None:
    assert text.region(low, high) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(40, "40 s"), (380, "6 min"), (4800, "80 min"), (5520, "1 h 32 min")]
)
def test_durations(seconds: float, shown: str) -> None:
    assert text.duration(seconds) == shown


def test_a_very_small_p_is_not_zero() -> None:
    assert text.probability(0.0004) == "< 0.001"
    assert text.probability(0.0136) == "0.014"

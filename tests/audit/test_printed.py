from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reproduce.audit.printed import Interval, half_unit, interval, shown


@pytest.mark.parametrize(("printed", "half"), [("71.20", "0.005"), ("3", "0.5"), ("+0.9", "0.05")])
def test_half_a_unit_is_of_the_last_printed_digit(printed: str, half: str) -> None:
    assert half_unit(printed) == Decimal(half)


@given(
    st.decimals(min_value=-1000, max_value=1000, places=6),
    st.integers(0, 4),
    st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN]),
)
def test_a_value_lies_in_what_its_print_leaves_open(
    value: Decimal, places: int, rounding: str
) -> None:
    printed = value.quantize(Decimal(1).scaleb(-places), rounding)
    low, high = interval(str(printed))
    assert low <= value <= high


def test_cutting_digits_off_is_not_rounding() -> None:
    printed = Decimal("81.957").quantize(Decimal("0.1"), ROUND_DOWN)
    assert not interval(str(printed)).high >= Decimal("81.957")


def test_intervals_that_share_an_end_meet() -> None:
    one, two = Decimal(1), Decimal(2)
    assert Interval(one, two).meets(Interval(two, two))
    assert not Interval(one, one).meets(Interval(two, two))


def test_a_value_is_shown_without_superfluous_zeros() -> None:
    assert [shown(Decimal(v)) for v in ("50", "0.1000", "81.95714")] == ["50", "0.1", "81.957"]

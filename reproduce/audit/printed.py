"""Printed numbers as the intervals that rounding leaves open, exact in decimal."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple


class Interval(NamedTuple):
    """All values between two ends, both included: how a half is rounded is not known."""

    low: Decimal
    high: Decimal

    def meets(self, other: Interval) -> bool:
        """Whether some value lies in both."""
        return self.low <= other.high and other.low <= self.high


def half_unit(printed: str) -> Decimal:
    """Half a unit of the last printed digit."""
    exponent = Decimal(printed).as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(5).scaleb(exponent - 1)


def interval(printed: str) -> Interval:
    """What a number may have been before it was rounded to the printed precision."""
    value, half = Decimal(printed), half_unit(printed)
    return Interval(value - half, value + half)


def difference(of: Interval, minus: Interval) -> Interval:
    """What the difference of two rounded numbers may have been."""
    return Interval(of.low - minus.high, of.high - minus.low)


def total(parts: Sequence[Interval]) -> Interval:
    """What the sum of rounded numbers may have been."""
    return Interval(sum(p.low for p in parts) + Decimal(0), sum(p.high for p in parts) + Decimal(0))


def scaled(value: Interval, factor: int) -> Interval:
    """All values times a positive whole number."""
    return Interval(value.low * factor, value.high * factor)


def shown(value: Decimal, digits: int = 3) -> str:
    """A value rounded for a sentence, without superfluous zeros."""
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

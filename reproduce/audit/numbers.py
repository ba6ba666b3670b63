"""Checks of printed numbers against each other; one function for each kind of check."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple

from reproduce.audit.finding import Result
from reproduce.audit.printed import (
    Interval,
    difference,
    half_unit,
    interval,
    scaled,
    shown,
    total,
)
from reproduce.book.papers import (
    CodeMixing,
    Difference,
    Granularity,
    Mean,
    Range,
    Repeat,
    TagEntropy,
)

Numbers = Mapping[str, str]
"""Id of a reported number -> the number as printed."""


class Outcome(NamedTuple):
    """How a check came out, and why in a sentence."""

    result: Result
    reason: str


def check_difference(check: Difference, numbers: Numbers) -> Outcome:
    """Whether a printed difference can be that of its two printed parts."""
    if check.printed is None or check.of is None or check.minus is None:
        return _unknown(check.unknown)
    printed, of, minus = numbers[check.printed], numbers[check.of], numbers[check.minus]
    possible = difference(interval(of), interval(minus))
    exact = Decimal(of) - Decimal(minus)
    return _within(
        possible.meets(interval(printed)),
        f"{of} - {minus} is {exact}, so with rounding {_between(possible)}; printed is {printed}",
    )


def check_mean(check: Mean, numbers: Numbers) -> Outcome:
    """Whether a printed mean can be that of its printed parts."""
    if check.printed is None or check.parts is None:
        return _unknown(check.unknown)
    printed, parts = numbers[check.printed], [numbers[name] for name in check.parts]
    sums = total([interval(part) for part in parts])
    n = len(parts)
    possible = Interval(sums.low / n, sums.high / n)
    mean = sum(map(Decimal, parts)) / Decimal(n)
    return _within(
        sums.meets(scaled(interval(printed), n)),  # times n: a third has no exact decimal
        f"the mean of the {n} printed parts is {shown(mean)}, with rounding {_between(possible)}; "
        f"printed is {printed}",
    )


def check_repeat(check: Repeat, numbers: Numbers) -> Outcome:
    """Whether prints of one quantity agree up to their rounding."""
    if check.values is None:
        return _unknown(check.unknown)
    printed = [numbers[name] for name in check.values]
    apart = [
        (abs(Decimal(a) - Decimal(b)), a, b)
        for a, b in combinations(printed, 2)
        if not interval(a).meets(interval(b))
    ]
    if not apart:
        return Outcome("ok", f"{' and '.join(printed)} agree up to rounding.")
    most, a, b = max(apart)
    return Outcome("problem", f"{a} and {b} differ by {most}, which is more than rounding.")


def check_range(check: Range, numbers: Numbers) -> Outcome:
    """Whether every member can lie in a printed range, its ends rounded too."""
    if check.members is None:
        return _unknown(check.unknown)
    printed = Interval(interval(check.low).low, interval(check.high).high)
    outside = [
        numbers[name] for name in check.members if not printed.meets(interval(numbers[name]))
    ]
    words = f"the range {check.low} to {check.high} ({check.place})"
    if outside:
        return Outcome("problem", f"{', '.join(outside)} cannot lie in {words}.")
    members = ", ".join(numbers[name] for name in check.members)
    return Outcome("ok", f"{members} can all lie in {words}.")


def check_code_mixing(check: CodeMixing, numbers: Numbers) -> Outcome:
    """Whether a code-mixing index can exist: at most 100 (1 - 1/k) for k languages."""
    if check.value is None or check.languages is None:
        return _unknown(check.unknown)
    k = check.languages
    bound = Decimal(100) * (k - 1) / k
    words = f"for {k} languages the index is at most {shown(bound)}"
    return _possible(numbers[check.value], bound, words)


def check_entropy(check: TagEntropy, numbers: Numbers) -> Outcome:
    """Whether an entropy can exist: at most log2 of the number of tags, in bits."""
    if check.value is None or check.tags is None:
        return _unknown(check.unknown)
    bound = Decimal(check.tags).ln() / Decimal(2).ln()
    words = f"over {check.tags} tags the entropy is at most {shown(bound)} bits"
    return _possible(numbers[check.value], bound, words)


def check_granularity(check: Granularity, numbers: Numbers) -> Outcome:
    """Whether a percentage of n items can round to what is printed.

    After Brown and Heathers (2017), "The GRIM test": only whole items can be right.
    """
    if check.value is None or check.items is None:
        return _unknown(check.unknown)
    printed, n = numbers[check.value], check.items * check.runs
    near = interval(printed)
    if near.high < 0 or near.low > 100:
        return Outcome("problem", f"{printed} is no percentage.")
    fewest, most = max(0, math.ceil(near.low * n / 100)), min(n, math.floor(near.high * n / 100))
    items = f"{check.items} items" + (f" in {check.runs} runs" if check.runs > 1 else "")
    if half_unit(printed) * 2 * n >= 100:
        return Outcome(
            "cannot be checked",
            f"With {items} every value of this precision can occur, so {printed} tells nothing.",
        )
    if fewest > most:
        below = math.floor(Decimal(printed) * n / 100)
        shares = [shown(Decimal(100) * count / n) for count in (below, below + 1)]
        return Outcome(
            "problem",
            f"No whole number of {items} gives {printed} %; the nearest: {' and '.join(shares)}.",
        )
    return Outcome("ok", f"{fewest} of {items} give {printed} %.")


def _unknown(reason: str) -> Outcome:
    return Outcome("cannot be checked", reason)


def _within(fits: bool, sentence: str) -> Outcome:
    return Outcome("ok" if fits else "problem", f"{sentence[0].upper()}{sentence[1:]}.")


def _possible(printed: str, bound: Decimal, words: str) -> Outcome:
    near = interval(printed)
    fits = near.low <= bound and near.high >= 0
    return _within(fits, f"{words}; printed is {printed}")


def _between(possible: Interval) -> str:
    return f"{shown(possible.low)} to {shown(possible.high)}"

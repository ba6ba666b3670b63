from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reproduce.audit.numbers import (
    Outcome,
    check_code_mixing,
    check_difference,
    check_entropy,
    check_granularity,
    check_mean,
    check_range,
    check_repeat,
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

VALUES = st.decimals(min_value=0, max_value=100, places=5)


def rounded(value: Decimal, places: int, rounding: str = ROUND_HALF_UP) -> str:
    return str(value.quantize(Decimal(1).scaleb(-places), rounding))


def difference(printed: str, of: str, minus: str) -> Outcome:
    check = Difference(what="x", printed="printed", of="of", minus="minus")
    return check_difference(check, {"printed": printed, "of": of, "minus": minus})


@pytest.mark.parametrize(
    ("printed", "of", "minus"),
    [("+0.90", "88.06", "87.16"), ("-0.11", "63.31", "63.42"), ("0.91", "88.06", "87.16")],
)
def test_a_difference_up_to_rounding_is_right(printed: str, of: str, minus: str) -> None:
    assert difference(printed, of, minus).result == "ok"


@pytest.mark.parametrize(
    ("printed", "of", "minus"),
    [("0.92", "88.06", "87.16"), ("0.11", "63.31", "63.42"), ("1.5", "71.2", "69.5")],
)
def test_a_difference_beyond_rounding_is_a_problem(printed: str, of: str, minus: str) -> None:
    outcome = difference(printed, of, minus)
    assert outcome.result == "problem"
    assert printed in outcome.reason


@given(VALUES, VALUES, st.integers(0, 3))
def test_a_true_difference_is_never_a_problem(of: Decimal, minus: Decimal, places: int) -> None:
    printed = rounded(of - minus, places)
    assert difference(printed, rounded(of, places), rounded(minus, places)).result == "ok"


def mean(printed: str, *parts: str) -> Outcome:
    numbers = {f"p{i}": part for i, part in enumerate(parts)}
    check = Mean(what="x", printed="printed", parts=tuple(numbers))
    return check_mean(check, {**numbers, "printed": printed})


def test_a_mean_whose_parts_are_rounded_too_is_right() -> None:
    parts = ("94.0", "85.7", "87.4", "87.0", "73.0", "69.6", "77.0")
    assert mean("81.9", *parts).result == "ok"  # their plain mean is 81.957
    assert mean("81.8", *parts).result == "problem"


def test_a_mean_without_an_exact_decimal_is_compared_exactly() -> None:
    assert mean("0.33", "0", "0", "1").result == "ok"
    assert mean("0.84", "0", "0", "1").result == "problem"  # at most (0.5 + 0.5 + 1.5) / 3


@given(st.lists(VALUES, min_size=2, max_size=12), st.integers(0, 3))
def test_a_true_mean_is_never_a_problem(parts: list[Decimal], places: int) -> None:
    true = sum(parts, Decimal(0)) / len(parts)
    assert mean(rounded(true, places), *(rounded(p, places) for p in parts)).result == "ok"


def test_prints_of_one_quantity_agree_up_to_rounding() -> None:
    check = Repeat(what="x", values=("a", "b"))
    assert check_repeat(check, {"a": "87.2", "b": "87.16"}).result == "ok"
    outcome = check_repeat(check, {"a": "87.16", "b": "87.68"})
    assert (outcome.result, "0.52" in outcome.reason) == ("problem", True)


@pytest.mark.parametrize(("member", "result"), [("1.2", "ok"), ("3.4", "ok"), ("3.6", "problem")])
def test_a_member_lies_in_a_printed_range(member: str, result: str) -> None:
    check = Range(what="x", low="1", high="3", place="row 6", members=("a", "b"))
    assert check_range(check, {"a": "2", "b": member}).result == result


@pytest.mark.parametrize(
    ("value", "languages", "result"),
    [
        ("50", 2, "ok"),
        ("50.4", 2, "problem"),
        ("136", 2, "problem"),
        ("66.7", 3, "ok"),
        ("0.1", 1, "problem"),
        ("-1", 2, "problem"),
    ],
)
def test_a_code_mixing_index_has_a_largest_value(value: str, languages: int, result: str) -> None:
    check = CodeMixing(what="x", value="a", languages=languages)
    assert check_code_mixing(check, {"a": value}).result == result


@given(st.lists(st.integers(0, 50), min_size=2, max_size=6))
def test_the_index_of_any_text_can_exist(words: list[int]) -> None:
    assume(sum(words))
    index = Decimal(100) * (1 - Decimal(max(words)) / sum(words))
    check = CodeMixing(what="x", value="a", languages=len(words))
    assert check_code_mixing(check, {"a": rounded(index, 2)}).result == "ok"


@pytest.mark.parametrize(
    ("value", "tags", "result"),
    [("0.9940", 2, "ok"), ("1.00", 2, "ok"), ("1.3", 2, "problem"), ("1.3", 3, "ok")],
)
def test_an_entropy_has_a_largest_value(value: str, tags: int, result: str) -> None:
    check = TagEntropy(what="x", value="a", tags=tags)
    assert check_entropy(check, {"a": value}).result == result


@given(st.lists(st.integers(1, 50), min_size=2, max_size=6))
def test_the_entropy_of_any_tags_can_exist(counts: list[int]) -> None:
    shares = [count / sum(counts) for count in counts]
    entropy = -sum(share * math.log2(share) for share in shares)
    check = TagEntropy(what="x", value="a", tags=len(counts))
    assert check_entropy(check, {"a": f"{entropy:.4f}"}).result == "ok"


def granularity(value: str, items: int, runs: int = 1) -> Outcome:
    check = Granularity(what="x", value="a", items=items, runs=runs)
    return check_granularity(check, {"a": value})


@pytest.mark.parametrize(
    ("value", "items", "result"),
    [
        ("66.67", 3, "ok"),
        ("66.70", 3, "problem"),
        ("87.0", 23, "ok"),  # 20 of 23
        ("88.0", 23, "problem"),
        ("100.0", 7, "ok"),
        ("101.0", 7, "problem"),
        ("94.0", 2000, "cannot be checked"),
    ],
)
def test_only_whole_items_can_be_right(value: str, items: int, result: str) -> None:
    assert granularity(value, items).result == result


def test_the_nearest_possible_shares_are_named() -> None:
    assert "86.957 and 91.304" in granularity("88.0", 23).reason


def test_the_mean_of_several_runs_is_finer() -> None:
    assert granularity("88.0", 23).result == "problem"
    assert granularity("88.0", 23, runs=2).result == "problem"
    assert granularity("88.0", 23, runs=12).result == "ok"  # 243 of 276


@given(
    st.integers(1, 300),
    st.data(),
    st.integers(0, 3),
    st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN]),
)
def test_a_share_that_was_counted_is_never_a_problem(
    items: int, data: st.DataObject, places: int, rounding: str
) -> None:
    right = data.draw(st.integers(0, items))
    printed = rounded(Decimal(100) * right / items, places, rounding)
    assert granularity(printed, items).result != "problem"


@given(st.integers(1, 40), st.integers(0, 1000))
def test_granularity_agrees_with_trying_every_count(items: int, tenths: int) -> None:
    printed = f"{tenths / 10:.1f}"
    half = Decimal("0.05")
    shares = [Decimal(100) * k / items for k in range(items + 1)]
    possible = any(abs(share - Decimal(printed)) <= half for share in shares)
    assert granularity(printed, items).result == ("ok" if possible else "problem")


def test_a_part_that_is_unknown_cannot_be_checked() -> None:
    check = Mean(what="x", printed="a", unknown="The parts are not printed.")
    assert check_mean(check, {"a": "1"}) == Outcome(
        "cannot be checked", "The parts are not printed."
    )

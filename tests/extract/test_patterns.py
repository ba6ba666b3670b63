from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reproduce.extract.patterns import find_patterns


@pytest.mark.parametrize(
    ("quote", "value", "to", "decimals", "unit"),
    [
        ("gains 71.20 %", "71.20", None, 2, "%"),
        ("by 1 to 3 absolute percentage points", "1", "3", 0, "absolute percentage points"),
        ("0.5–1.4 F1", "0.5", "1.4", 1, "F1"),
        ("between 2.0 and 3.25 points", "2.0", "3.25", 2, "points"),
        ("a loss of −0.11", "-0.11", None, 2, ""),
        ("on 1,000 sentences", "1000", None, 0, "sentences"),
        ("a 12-layer model", "12", None, 0, "layer"),
        ("on four cross-lingual datasets", "4", None, 0, "cross-lingual datasets"),
        ("There are two convolution layers", "2", None, 0, "convolution layers"),
    ],
)
def test_a_number_keeps_its_printed_precision(
    quote: str, value: str, to: str | None, decimals: int, unit: str
) -> None:
    (number,) = find_patterns(quote).numbers
    assert (number.value, number.to, number.decimals, number.unit) == (value, to, decimals, unit)
    assert quote[number.offset :].startswith(number.text)


@pytest.mark.parametrize(
    "quote", ["mT5 and SENet", "in 2019", "arXiv 2205.08497v1", "one of the layers", "x_2 and 2nd"]
)
def test_what_counts_nothing_is_no_number(quote: str) -> None:
    assert find_patterns(quote).numbers == ()


def test_two_numbers_joined_by_and_are_no_range() -> None:
    numbers = find_patterns("88.06 and 93.62").numbers
    assert [(n.value, n.to) for n in numbers] == [("88.06", None), ("93.62", None)]


@given(st.decimals(min_value=0, max_value=999, places=2))
def test_any_printed_value_is_found_as_it_is_printed(value: Decimal) -> None:
    (number,) = find_patterns(f"It reaches {value} points.").numbers
    assert (number.value, number.decimals) == (str(value), 2)


def test_outperforming_by_a_range_is_a_comparison() -> None:
    quote = "They outperform the baseline by 1 to 3 absolute percentage points."
    (found,) = find_patterns(quote).comparisons
    assert (found.relation, found.direction, found.over) == ("outperform", "higher", "the baseline")
    assert (found.by, found.to) == ("1", "3")


def test_what_it_is_compared_with_may_follow_the_size() -> None:
    (found,) = find_patterns("It improves by 1.5 points over mBERT.").comparisons
    assert (found.over, found.by, found.unit) == ("mBERT", "1.5", "points")


def test_a_fall_is_a_comparison_downwards() -> None:
    (found,) = find_patterns("Accuracy drops by 8.4 points.").comparisons
    assert (found.direction, found.by) == ("lower", "8.4")


def test_a_direction_without_a_size_is_kept() -> None:
    (found,) = find_patterns("It improves mBERT on four tasks.").comparisons
    assert (found.direction, found.by) == ("higher", None)


def test_tasks_models_and_languages_are_found_by_their_names() -> None:
    found = find_patterns("mBERT and XLM-R on POS tagging, XNLI and NER in German and Hindi")
    assert found.tasks == ("pos", "ner", "xnli")
    assert found.models == ("mBERT", "XLM-R")
    assert found.languages == ("de", "hi")


def test_multilingual_bert_is_not_also_bert() -> None:
    assert find_patterns("Multilingual BERT (mBERT)").models == ("mBERT",)
    assert find_patterns("BERT alone").models == ("BERT",)


@given(st.text(max_size=400))
def test_any_text_can_be_searched(quote: str) -> None:
    found = find_patterns(quote)
    assert all(quote[n.offset :].startswith(n.text) for n in found.numbers)

"""The drafts of the literature report that the book starts from."""

from __future__ import annotations

import pytest

from reproduce.book import load_book
from reproduce.extract import Extraction, check_quotes, extract, read_source
from reproduce.resources import shipped
from tests.book.test_shipped_book import REPORT


@pytest.fixture(scope="module")
def extraction() -> Extraction:
    if not REPORT.is_file():
        pytest.skip("the literature report does not lie beside the test data")
    return extract(read_source(REPORT), "literature-report")


def test_the_report_cuts_its_claims_at_120_characters(extraction: Extraction) -> None:
    assert extraction.cut_at == 120
    cut = [draft.source.row for draft in extraction.drafts if draft.source.truncated]
    assert cut == [1, 2, 4, 5, 8, 10, 11, 12, 13, 14]


def test_the_shipped_drafts_are_those_of_the_report(extraction: Extraction) -> None:
    shipped_drafts = [entry.draft for entry in load_book([shipped("claims")]).drafts]
    assert shipped_drafts == list(extraction.drafts)


def test_every_quote_of_the_shipped_book_is_in_the_report(extraction: Extraction) -> None:
    book = load_book([shipped("claims")])
    checked = check_quotes(book, REPORT.parent)
    assert checked.problems == ()
    assert "literature-report" not in checked.not_at_hand


def test_row_6_says_by_how_much(extraction: Extraction) -> None:
    (found,) = extraction.drafts[5].found.comparisons
    assert (found.relation, found.over, found.by, found.to) == (
        "outperform",
        "the baseline",
        "1",
        "3",
    )

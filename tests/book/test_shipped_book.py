"""The claims that travel with the package."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from reproduce.book import Book, load_book
from reproduce.resources import shipped

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("REPRODUCE_TEST_DATA", ROOT.parent / "shared" / "data"))
REPORT = DATA.parent / "000_30ef20306e30f1f1.txt"


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book([shipped("claims")])


@pytest.fixture(scope="module")
def report() -> bytes:
    if not REPORT.is_file():
        pytest.skip("the literature report does not lie beside the test data")
    return REPORT.read_bytes()


def test_the_report_is_the_one_that_was_read(book: Book, report: bytes) -> None:
    document = book.papers.documents["literature-report"]
    assert document.sha256 == hashlib.sha256(report).hexdigest()


def test_every_quote_is_word_for_word_in_the_report(book: Book, report: bytes) -> None:
    text = report.decode()
    quotes = {e.claim.id: e.claim.source.quote for e in book.claims}
    assert [i for i, quote in quotes.items() if quote not in text] == []


def test_row_and_confidence_are_those_of_the_report(book: Book, report: bytes) -> None:
    table = report.decode().partition("Claim\tVerified\tConfidence\n")[2].splitlines()
    for source in (e.claim.source for e in book.claims if e.claim.source.row is not None):
        quote, mark, confidence = table[(source.row or 0) - 1].split("\t")
        assert (source.quote, source.confidence, source.verified) == (
            quote,
            confidence,
            mark == "✓",
        )


def test_a_quote_is_marked_as_cut_off_if_the_report_cuts_it(book: Book) -> None:
    marks = {e.claim.id: e.claim.source.truncated for e in book.claims}
    ends = {e.claim.id: not e.claim.source.quote.endswith(".") for e in book.claims}
    assert marks == ends


def test_the_main_claim_is_the_one_of_the_design(book: Book) -> None:
    claim = book.get("best-layer").claim
    assert claim.source.row == 7
    assert claim.expect.model_dump() == {"kind": "best_layer_differs", "tie_tolerance": "1.0"}


def test_the_control_compares_the_baseline_with_itself(book: Book) -> None:
    claim = book.get("baseline-against-itself").claim
    experiment = claim.experiment.model_dump()
    assert claim.role == "control"
    assert experiment["fusion"] == experiment["against"] == "last"
    assert experiment["baseline_offset"] >= max(experiment["seeds"]["looks"])


def test_the_audit_says_that_one_cited_paper_does_not_support_its_use(book: Book) -> None:
    papers = book.papers.papers
    unsupported = [name for name, paper in papers.items() for c in paper.cited if not c.supports]
    assert unsupported == ["chirkova-2023"]

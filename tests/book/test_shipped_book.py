"""The claims that travel with the package."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from reproduce.book import Book, load_book
from reproduce.judge.equivalence import Equivalence, region
from reproduce.nouns.claim import Claim
from reproduce.nouns.evidence import Evidence
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


def from_the_report(book: Book) -> list[Claim]:
    return [e.claim for e in book.claims if e.claim.source.document == "literature-report"]


def test_every_quote_is_word_for_word_in_the_report(book: Book, report: bytes) -> None:
    text = report.decode()
    quotes = {claim.id: claim.source.quote for claim in from_the_report(book)}
    assert [i for i, quote in quotes.items() if quote not in text] == []


def test_row_and_confidence_are_those_of_the_report(book: Book, report: bytes) -> None:
    table = report.decode().partition("Claim\tVerified\tConfidence\n")[2].splitlines()
    for source in (c.source for c in from_the_report(book) if c.source.row is not None):
        quote, mark, confidence = table[(source.row or 0) - 1].split("\t")
        assert source.quote == quote
        assert source.confidence in (None, confidence)
        assert source.verified in (None, mark == "✓")


def test_a_quote_is_marked_as_cut_off_if_the_report_cuts_it(book: Book) -> None:
    rows = [claim for claim in from_the_report(book) if claim.source.row is not None]
    marks = {claim.id: claim.source.truncated for claim in rows}
    ends = {claim.id: not claim.source.quote.endswith(".") for claim in rows}
    assert marks == ends


@pytest.mark.parametrize("row", range(1, 16))
def test_every_row_of_the_report_has_a_claim_that_is_no_control(book: Book, row: int) -> None:
    claims = [c for c in from_the_report(book) if c.source.row == row and c.role != "control"]
    assert claims


def test_a_claim_is_linked_to_the_draft_of_its_row(book: Book) -> None:
    wrong = {
        claim.id: claim.draft
        for claim in from_the_report(book)
        if claim.role != "control" and claim.source.row is not None
        if claim.draft != f"literature-report-{claim.source.row:02}"
    }
    assert wrong == {}


def test_a_file_is_named_after_its_claim(book: Book) -> None:
    names = {entry.file: entry.claim.id.replace("-", "_") for entry in book.claims}
    assert {file: name for file, name in names.items() if Path(file).stem != name} == {}


def test_every_claim_says_why_its_criterion_is_what_it_is(book: Book) -> None:
    assert [e.claim.id for e in book.claims if len(e.claim.justification) < 40] == []


def test_every_number_of_the_abstract_has_its_claim(book: Book) -> None:
    printed = {n.id: n.value for n in book.papers.papers["chen-2022-dlfa"].reported}
    for task, value in printed.items():
        claim = book.get(f"printed-gain-{task}").claim
        assert claim.min_evidence is Evidence.REPLICATION
        assert isinstance(claim.expect, Equivalence)
        assert (claim.expect.value, claim.expect.printed) == (value, True)
        assert f"+{value}" in claim.source.quote


def test_no_gain_at_all_is_outside_every_printed_number(book: Book) -> None:
    claims = [e.claim for e in book.claims if e.claim.family == "printed-numbers"]
    lows = [region(c.expect)[0] for c in claims if isinstance(c.expect, Equivalence)]
    assert len(lows) == 5
    assert min(lows) > 0


def test_what_cannot_be_false_has_an_exploratory_version_beside_it(book: Book) -> None:
    third = {c.expect.kind: c.role for c in from_the_report(book) if c.source.row == 3}
    assert third == {"not_testable": "exploratory", "layer_contrast": "exploratory"}


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

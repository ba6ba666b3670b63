"""The whole audit of a book: its documents, its citations, and the numbers that papers print."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from reproduce.audit.citations import check_citations
from reproduce.audit.documents import check_document
from reproduce.audit.finding import Finding
from reproduce.audit.numbers import (
    Numbers,
    Outcome,
    check_code_mixing,
    check_difference,
    check_entropy,
    check_granularity,
    check_mean,
    check_range,
    check_repeat,
)
from reproduce.book import Book
from reproduce.book.papers import CitedDocument, Paper
from reproduce.nouns.claim import Source

KINDS: dict[str, Callable[[Any, Numbers], Outcome]] = {
    "differences": check_difference,
    "means": check_mean,
    "repeats": check_repeat,
    "ranges": check_range,
    "code_mixing": check_code_mixing,
    "entropies": check_entropy,
    "granularities": check_granularity,
}
"""Key of a paper's `checks` -> the function that makes one of them."""


def audit(book: Book) -> tuple[Finding, ...]:
    """Every check that `papers.yaml` declares, in its order; nothing is trained."""
    return tuple(_findings(book))


def _findings(book: Book) -> Iterator[Finding]:
    papers = book.papers
    citations = list(check_citations(papers))
    for name, document in papers.documents.items():
        yield from check_document(name, document, papers.papers, _rows(book, name))
        yield from (finding for finding in citations if finding.subject == name)
        yield from _numbers(f"documents.{name}", name, document)
    for name, paper in papers.papers.items():
        yield from (finding for finding in citations if finding.subject == name)
        yield from _numbers(f"papers.{name}", name, paper)


def _rows(book: Book, document: str) -> list[Source]:
    """The rows of a document that claims or drafts quote, each once."""
    sources = [entry.draft.source for entry in book.drafts]
    sources += [entry.claim.source for entry in book.claims]
    rows: dict[int, Source] = {}
    for source in sources:
        if source.document == document and source.row is not None:
            rows.setdefault(source.row, source)
    return [rows[row] for row in sorted(rows)]


def _numbers(place: str, name: str, paper: Paper | CitedDocument) -> Iterator[Finding]:
    numbers = {number.id: number.value for number in paper.reported if number.id is not None}
    for kind, function in KINDS.items():
        for i, check in enumerate(getattr(paper.checks, kind)):
            result, reason = function(check, numbers)
            yield Finding(
                subject=name,
                kind=kind.replace("_", " "),
                what=check.what,
                result=result,
                reason=reason,
                key=f"{place}.checks.{kind}[{i}]",
            )

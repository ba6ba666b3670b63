"""Checks of a document against itself: what it says it did, and what it prints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from reproduce.audit.finding import Finding, Result
from reproduce.book.papers import CitedDocument, Paper
from reproduce.nouns.claim import Source


def check_document(
    name: str, document: CitedDocument, papers: Mapping[str, Paper], rows: Sequence[Source]
) -> Iterator[Finding]:
    """Everything that a document's own figures allow to check.

    Args:
        name: of the document.
        document: what `papers.yaml` says of it.
        papers: all papers.
        rows: its claims as they are quoted in the book, one for each row.
    """
    if document.retrieved is not None:
        yield _finding(name, "retrieved", *_retrieved(document))
    if document.extracted is not None:
        yield _finding(name, "extracted", *_extracted(document.extracted, rows))
    if document.verified is not None:
        yield _finding(name, "verified", *_verified(document.verified, rows))
    if document.doubtful_below is not None:
        yield _finding(name, "doubtful_below", *_marks(document.doubtful_below, rows))
    if document.question_terms:
        yield _finding(name, "question_terms", *_question(document, rows))
    if document.abstract_of is not None:
        paper = papers[document.abstract_of]
        yield _finding(name, "abstract_of", *_abstract(document, document.abstract_of, paper))
    for named in document.names:
        yield _finding(name, "names", *_named(document, named))


_Line = tuple[str, Result, str]  # what was checked, how it came out, why


def _finding(name: str, key: str, what: str, result: Result, reason: str) -> Finding:
    return Finding(
        subject=name,
        kind=key.replace("_", " "),
        what=what,
        result=result,
        reason=reason,
        key=f"documents.{name}.{key}",
    )


def _retrieved(document: CitedDocument) -> _Line:
    found, listed = document.retrieved, len(document.references)
    return (
        "papers retrieved against papers referenced",
        "ok" if found == listed else "problem",
        f"It says that {found} papers were retrieved, and references {listed}.",
    )


def _extracted(number: int, rows: Sequence[Source]) -> _Line:
    what = "claims extracted against rows of its table"
    if not rows:
        return what, "cannot be checked", "No claim or draft of the book quotes it."
    result: Result = "ok" if number == len(rows) else "problem"
    return what, result, f"It says {number} claims; the book quotes {len(rows)} rows."


def _verified(number: int, rows: Sequence[Source]) -> _Line:
    what = "claims verified against marks in its table"
    marks = [row.verified for row in rows if row.verified is not None]
    if not marks:
        return what, "cannot be checked", "No claim or draft of the book has its mark."
    result: Result = "ok" if number == sum(marks) else "problem"
    return what, result, f"It says {number} are verified; {sum(marks)} rows are marked so."


def _marks(floor: str, rows: Sequence[Source]) -> _Line:
    what = "marks against confidences"
    known = [c for row in rows if row.verified and (c := _share(row.confidence)) is not None]
    if not known:
        return what, "cannot be checked", "No marked claim has a confidence that is a number."
    low = [value for value in known if value < Decimal(floor)]
    if not low:
        return what, "ok", f"No claim marked as verified has a confidence below {floor}."
    return (
        what,
        "problem",
        f"{len(low)} of {len(known)} claims marked as verified have a confidence below {floor}: "
        f"{min(low)} to {max(low)}.",
    )


def _share(confidence: str | None) -> Decimal | None:
    text = (confidence or "").strip()
    try:
        value = Decimal(text.removesuffix("%").strip())
    except InvalidOperation:
        return None
    if not value.is_finite():
        return None
    return value / 100 if text.endswith("%") else value


def _question(document: CitedDocument, rows: Sequence[Source]) -> _Line:
    what = "title and question against claims"
    if not rows:
        return what, "cannot be checked", "No claim or draft of the book quotes it."
    absent = [
        term
        for term in document.question_terms
        if not any(_mentions(row.quote, term) for row in rows)
    ]
    cut = sum(row.truncated for row in rows)
    caveat = f" ({cut} are cut off, and it may stand in what is lost)" if cut else ""
    if not absent:
        return what, "ok", "Every term of the question is in some claim."
    terms = ", ".join(absent)
    return what, "problem", f"None of {len(rows)} claims mentions {terms}{caveat}."


def _mentions(quote: str, term: str) -> bool:
    """Whether a term is in a quote: one with capitals as it is, another as a word's beginning."""
    whole = term != term.lower()
    pattern = rf"(?<!\w){re.escape(term)}" + (r"(?!\w)" if whole else "")
    return re.search(pattern, quote, 0 if whole else re.IGNORECASE) is not None


def _abstract(document: CitedDocument, name: str, paper: Paper) -> _Line:
    what = "title against abstract"
    title = paper.title or name
    if title.casefold() == document.title.casefold():
        return what, "ok", f"Its abstract is that of {name}, whose title it has."
    return what, "problem", f"Its abstract is that of {name}, “{title}”, under another title."


def _named(document: CitedDocument, paper: str) -> _Line:
    what = "works in its title or question against references"
    if paper in document.references:
        return what, "ok", f"It names the work of {paper} and references it."
    return what, "problem", f"It names the work of {paper} and does not reference it."

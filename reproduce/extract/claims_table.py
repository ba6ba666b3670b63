"""Finds the table of claims in a document: which columns it has, and what each row says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reproduce.errors import UserError
from reproduce.extract.source_text import SourceText
from reproduce.extract.tables import Cell, Row, find_tables

MAX_CLAIMS = 1_000
MAX_QUOTE = 4_000  # characters; more is a torn table rather than a claim

_MARKUP = re.compile(r"\\(?:textbf|textit|emph|text)\b|[*_`{}$]")
# In this order, so that "Claim ID" is a number and "Claim status" a mark.
_COLUMNS = {
    "row": re.compile(r"^(#|no\.?|nr\.?|row|id|number|claim (id|no\.?|number))$"),
    "verified": re.compile(r"\bverif|\bchecked\b|\bstatus\b|\bsupported\b"),
    "confidence": re.compile(r"\bconfidence\b|\bcertainty\b|\bprobability\b|\bscore\b"),
    "claim": re.compile(r"\b(claim|statement|finding|assertion)s?\b"),
}
_YES = {"✓", "✔", "✅", "☑", "yes", "y", "true", "verified", "supported", "checked", "1"}
_YES |= {"\\checkmark", "\\cmark", "\\ding51", "\\ding52"}
_NO = {"✗", "✘", "❌", "☐", "x", "×", "no", "n", "false", "unverified", "not verified", "0"}
_NO |= {"unsupported", "not supported", "\\xmark", "\\times", "\\ding55", "\\ding56"}


@dataclass(frozen=True)
class QuotedClaim:
    """One row of a table of claims, as it is printed.

    Attributes:
        quote: the claim word for word.
        offset: where the quote begins, in characters of the source's text.
        row: the row's own number, or its place among the claims of the document, from 1.
        verified: the source's own mark; None if there is none that can be read.
        confidence: the source's own confidence, as printed.
    """

    quote: str
    offset: int
    row: int
    verified: bool | None
    confidence: str | None


def find_claims(source: SourceText) -> list[QuotedClaim]:
    """The rows of all tables of claims in a document.

    Raises:
        UserError: there is none, or a claim is too long to be one.
    """
    found: list[QuotedClaim] = []
    for table in find_tables(source):
        # A caption with a tab may stand right above the header.
        for i, header in enumerate(table.rows[:3]):
            columns = _columns(header)
            if "claim" in columns:
                found += _claims(table.rows[i + 1 :], columns, before=len(found))
                break
    if not found:
        raise UserError(
            "no table of claims in this document",
            where=str(source.path),
            allowed="a table with a column named Claim, Statement or Finding, and rows below it",
            next_step="check the path; --format says how the document is to be read",
        )
    if len({claim.row for claim in found}) < len(found):  # several tables that number their own
        found = [
            QuotedClaim(c.quote, c.offset, i, c.verified, c.confidence)
            for i, c in enumerate(found, 1)
        ]
    if len(found) > MAX_CLAIMS:
        raise UserError(
            f"{len(found)} claims in one document",
            where=str(source.path),
            allowed=f"at most {MAX_CLAIMS}",
            next_step="cut out the tables that matter",
        )
    for claim in found:
        _check_length(claim, source)
    return found


def _columns(header: Row) -> dict[str, int]:
    columns: dict[str, int] = {}
    for i, cell in enumerate(header):
        name = _MARKUP.sub("", cell.text).strip().casefold()
        for column, pattern in _COLUMNS.items():
            if column not in columns and len(name) <= 40 and pattern.search(name):
                columns[column] = i
                break
    return columns


def _claims(body: Sequence[Row], columns: dict[str, int], *, before: int) -> list[QuotedClaim]:
    rows = [row for row in body if (cell := _at(row, columns["claim"])) and cell.text]
    numbers = _numbers([_at(row, columns.get("row")) for row in rows])
    found = []
    for i, row in enumerate(rows):
        cell = row[columns["claim"]]
        confidence = _plain(_at(row, columns.get("confidence")))
        found.append(
            QuotedClaim(
                quote=cell.text,
                offset=cell.offset,
                row=numbers[i] if numbers else before + i + 1,
                verified=_mark(_plain(_at(row, columns.get("verified")))),
                confidence=confidence or None,
            )
        )
    return found


def _at(row: Row, column: int | None) -> Cell | None:
    return row[column] if column is not None and column < len(row) else None


def _plain(cell: Cell | None) -> str:
    return _MARKUP.sub("", cell.text).strip() if cell else ""


def _mark(text: str) -> bool | None:
    word = text.casefold()
    return True if word in _YES else False if word in _NO else None


def _numbers(cells: Sequence[Cell | None]) -> list[int] | None:
    """The rows' own numbers, if every row has one."""
    found = [re.fullmatch(r"[^\d]{0,10}(\d{1,6})\.?", _plain(cell)) for cell in cells]
    numbers = [int(match[1]) for match in found if match]
    return numbers if numbers and len(set(numbers)) == len(cells) else None


def _check_length(claim: QuotedClaim, source: SourceText) -> None:
    if len(claim.quote) > MAX_QUOTE:
        raise UserError(
            f"claim {claim.row} has {len(claim.quote)} characters",
            where=f"{source.path}:{source.text.count(chr(10), 0, claim.offset) + 1}",
            allowed=f"at most {MAX_QUOTE}",
            next_step="check that the table's rows end where they should",
        )

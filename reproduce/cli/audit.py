"""`reproduce audit`: check citations and printed numbers, without training."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import typer

from reproduce.cli.options import AsJson, BookPaths, book_paths
from reproduce.cli.output import counted, echo_json, text_width

if TYPE_CHECKING:
    from reproduce.audit import Finding
    from reproduce.book import Papers

_WIDTH = 88
_RESULTS = ("ok", "problem", "cannot be checked")


def command(paths: BookPaths = None, as_json: AsJson = False) -> None:
    """Check what papers.yaml declares; a problem found in a paper is a result, not an error."""
    from reproduce.audit import audit
    from reproduce.book import load_book

    book = load_book(book_paths(paths))
    findings = audit(book)
    counts = Counter(str(finding.result) for finding in findings)
    if as_json:
        results = {result: counts[result] for result in _RESULTS}
        echo_json({"counts": results, "findings": [f.model_dump(mode="json") for f in findings]})
        return
    typer.echo("\n".join([*_lines(findings, book.papers), _summary(counts)]))


def _lines(findings: Sequence[Finding], papers: Papers) -> Iterator[str]:
    titles = {name: document.title for name, document in papers.documents.items()}
    titles |= {name: paper.title or "" for name, paper in papers.papers.items()}
    for subject, group in groupby(findings, key=lambda finding: finding.subject):
        title = titles.get(subject)
        yield f"{subject}: {title}" if title else subject
        for finding in group:
            yield from _wrapped(f"{finding.result}: {finding.what}", 2)
            yield from _wrapped(finding.reason, 6)
        yield ""


def _wrapped(text: str, indent: int) -> list[str]:
    first, rest = " " * indent, " " * max(indent, 6)
    width = text_width(_WIDTH)
    return textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    )


def _summary(counts: Counter[str]) -> str:
    if not counts:
        return "Nothing to check: papers.yaml declares no citation and no check."
    return (
        f"{counted(counts.total(), 'check')}: {counts['ok']} ok, "
        f"{counted(counts['problem'], 'problem')}, "
        f"{counts['cannot be checked']} cannot be checked."
    )

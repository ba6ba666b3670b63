"""Names inside `papers.yaml` that must lead somewhere: papers, documents, reported numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from reproduce.book.document import Document, KeyPath
from reproduce.book.papers import Checks, CitedDocument, Paper, Papers
from reproduce.errors import Problem
from reproduce.registry import did_you_mean

_NUMBERS = ("printed", "of", "minus", "parts", "values", "members", "value")
"""The keys of a check that name reported numbers."""


def unknown_references(papers: Papers, document: Document) -> Iterator[Problem]:
    """Every name in a `papers.yaml` that leads nowhere, and every id that is not unique."""
    known = [*papers.documents, *papers.papers]
    for name, paper in papers.papers.items():
        for i, citation in enumerate(paper.cited):
            place: KeyPath = ("papers", name, "cited", i, "document")
            yield from _unknown(document, place, "document", citation.document, known)
        yield from _unknown_numbers(document, ("papers", name), paper)
    for name, cited in papers.documents.items():
        for key in ("references", "names"):
            for i, paper_name in enumerate(getattr(cited, key)):
                place = ("documents", name, key, i)
                yield from _unknown(document, place, "paper", paper_name, papers.papers)
        if cited.abstract_of is not None:
            place = ("documents", name, "abstract_of")
            yield from _unknown(document, place, "paper", cited.abstract_of, papers.papers)
        yield from _unknown_numbers(document, ("documents", name), cited)


def _unknown(
    document: Document, place: KeyPath, what: str, name: str, known: Collection[str]
) -> Iterator[Problem]:
    if name not in known:
        yield document.problem(
            place,
            f"unknown {what} {name!r}",
            allowed=", ".join(known),
            next_step=did_you_mean(name, known),
        )


def _unknown_numbers(
    document: Document, place: KeyPath, paper: Paper | CitedDocument
) -> Iterator[Problem]:
    ids = [number.id for number in paper.reported if number.id is not None]
    for name in (name for name, count in Counter(ids).items() if count > 1):
        last = max(i for i, number in enumerate(paper.reported) if number.id == name)
        found = f"{name!r} is the id of another reported number too"
        yield document.problem((*place, "reported", last, "id"), found, allowed="an id of its own")
    for keys, name in _named(paper.checks):
        yield from _unknown(document, (*place, "checks", *keys), "reported number", name, ids)


def _named(checks: Checks) -> Iterator[tuple[KeyPath, str]]:
    for kind in Checks.model_fields:
        for i, check in enumerate(getattr(checks, kind)):
            for key in _NUMBERS:
                value = getattr(check, key, None)
                if isinstance(value, str):
                    yield (kind, i, key), value
                elif isinstance(value, tuple):
                    yield from (((kind, i, key, j), name) for j, name in enumerate(value))

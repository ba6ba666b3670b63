"""Checks of drafts, and of the links between claims, the drafts they came from and their source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reproduce.book.document import Document, read_document
from reproduce.book.papers import Papers
from reproduce.book.validation import build_draft
from reproduce.errors import Problem, SpecErrors
from reproduce.nouns.claim import Source
from reproduce.nouns.draft import Draft
from reproduce.registry import did_you_mean

if TYPE_CHECKING:
    from reproduce.book.book import BookClaim, BookDraft

_LINKED = ("document", "row", "quote", "truncated")
"""What a claim and the draft that it was made from have in common."""


def check_drafts(
    claims: Sequence[BookClaim], drafts: Sequence[BookDraft], papers: Papers
) -> Iterator[Problem]:
    """What is wrong with the drafts of a book, and between its claims and them."""
    by_id: dict[str, BookDraft] = {}
    for entry in drafts:
        earlier = by_id.setdefault(entry.draft.id, entry)
        if earlier is not entry:
            yield entry.document.problem(
                ("id",),
                f"{entry.draft.id!r} is already the id of the draft {earlier.file}",
                allowed="an id that no other draft of the book has",
            )
        yield from _unknown_document(entry, papers)
        yield from _other_version(entry.draft.source, entry.document, papers)
    drafts_by_id = {name: entry.draft for name, entry in by_id.items()}
    for claim in claims:
        yield from _other_version(claim.claim.source, claim.document, papers)
        yield from _broken_link(claim, drafts_by_id)


def _unknown_document(entry: BookDraft, papers: Papers) -> Iterator[Problem]:
    known = [*papers.documents, *papers.papers]
    name = entry.draft.source.document
    if known and name not in known:  # a first draft may lie where no papers.yaml is yet
        yield entry.document.problem(
            ("source", "document"),
            f"unknown document {name!r}",
            allowed=", ".join(known),
            next_step=did_you_mean(name, known, "add it to papers.yaml"),
        )


def _other_version(source: Source, document: Document, papers: Papers) -> Iterator[Problem]:
    listed = papers.documents.get(source.document) or papers.papers.get(source.document)
    expected = listed.sha256 if listed else None
    if source.sha256 and expected and source.sha256 != expected:
        yield document.problem(
            ("source", "sha256"),
            f"the quote is from another version of {source.document} than papers.yaml lists",
            allowed=expected,
            next_step="extract the document again, or correct papers.yaml",
        )


def _broken_link(claim: BookClaim, drafts: Mapping[str, Draft]) -> Iterator[Problem]:
    name = claim.claim.draft
    if name is None:
        return
    draft = drafts.get(name) or _beside(Path(claim.file), name)
    if draft is None:
        yield claim.document.problem(
            ("draft",),
            f"there is no draft {name!r} in the book",
            allowed="the id of a draft, whose file is drafts/ID.yaml",
            next_step=did_you_mean(name, drafts),
        )
        return
    for key in _LINKED:
        ours, theirs = getattr(claim.claim.source, key), getattr(draft.source, key)
        if ours != theirs:
            yield claim.document.problem(
                ("source", key),
                f"found {ours!r}, but the draft {name!r} has {theirs!r}",
                allowed="what the draft has, because the claim was made from it",
            )


def _beside(file: Path, name: str) -> Draft | None:
    """The draft of that id in the `drafts` folder of the book that a file lies in."""
    from reproduce.book.book import is_draft, papers_file

    papers = papers_file(file)
    path = papers.parent / "drafts" / f"{name}.yaml" if papers else None
    if path is None or not path.is_file():
        return None
    try:
        document = read_document(path)
        return build_draft(document) if is_draft(document) else None
    except SpecErrors:
        return None  # its own faults are told where it is read for itself

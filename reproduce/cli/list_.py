"""`reproduce list`: the claims of a book by family."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from reproduce.cli.options import AsJson, BookPaths, book_paths
from reproduce.cli.output import counted, echo_json, text_width

if TYPE_CHECKING:
    from reproduce.book import Book
    from reproduce.nouns.claim import Claim
    from reproduce.nouns.draft import Draft

_WIDTH = 80
_ROLES = ("confirmatory", "exploratory", "control")  # in the order in which they are listed


def command(paths: BookPaths = None, as_json: AsJson = False) -> None:
    """List the claims of a book by family, and its drafts."""
    from reproduce.book import load_book

    book = load_book(book_paths(paths))
    if as_json:
        claims = [{"file": e.file, **e.claim.model_dump(mode="json")} for e in book.claims]
        drafts = [{"file": e.file, **e.draft.model_dump(mode="json")} for e in book.drafts]
        echo_json([*claims, *drafts])
        return
    typer.echo("\n".join(_lines(book)))


def _lines(book: Book) -> Iterator[str]:
    families: dict[str, list[Claim]] = {}
    for entry in book.claims:
        families.setdefault(entry.claim.family, []).append(entry.claim)
    yield f"{counted(len(book.claims), 'claim')} in {len(families)} families"
    for family, claims in families.items():
        yield from ("", *_family(family, claims))
    open_drafts = _open_drafts(book)
    if open_drafts:
        yield from ("", f"{counted(len(open_drafts), 'draft')} that no claim was made from yet")
        for draft in open_drafts:
            yield from _entry(draft.id, draft.title, "")
    elif book.drafts:
        yield from ("", f"{counted(len(book.drafts), 'draft')}, each with a claim made from it")
    yield from ("", "next: reproduce show ID")


def _family(family: str, claims: list[Claim]) -> Iterator[str]:
    """Confirmatory claims first: they share the error of their family."""
    roles = {role: sum(claim.role == role for claim in claims) for role in _ROLES}
    counts = ", ".join(f"{number} {role}" for role, number in roles.items() if number)
    yield f"{family}: {counts}"
    for claim in sorted(claims, key=lambda claim: _ROLES.index(claim.role)):
        yield from _entry(claim.id, claim.title, _about(claim))


def _about(claim: Claim) -> str:
    source = "" if claim.source.row is None else f", row {claim.source.row}"
    needs = "" if str(claim.min_evidence) == "simulated" else f", needs {claim.min_evidence}"
    kinds = f"{claim.experiment.kind}, {claim.expect.kind}".replace("_", " ")
    return f"{claim.role}: {kinds}{source}{needs}"


def _entry(name: str, title: str, about: str) -> Iterator[str]:
    yield f"  {name}"
    for text in filter(None, (title, about)):
        indent = " " * 6
        yield from textwrap.wrap(
            text, text_width(_WIDTH), initial_indent=indent, subsequent_indent=indent
        )


def _open_drafts(book: Book) -> list[Draft]:
    made = {entry.claim.draft for entry in book.claims}
    return [entry.draft for entry in book.drafts if entry.draft.id not in made]

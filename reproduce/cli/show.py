"""`reproduce show`: one claim as a person reads it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reproduce.cli.options import AsJson, Overrides, book_paths
from reproduce.cli.output import echo_json, text_width

if TYPE_CHECKING:
    from reproduce.book import Book, BookClaim
    from reproduce.nouns.base import Noun
    from reproduce.nouns.claim import Claim

_WIDTH = 80


def command(
    claim: Annotated[str, typer.Argument(help="A claim's id, or its file.")],
    book: Annotated[
        Path | None,
        typer.Option("--book", help="Folder of claims; default: claims/ here, else the shipped."),
    ] = None,
    set_: Overrides = None,
    as_json: AsJson = False,
) -> None:
    """Show one claim: its source, what will be run, what is expected, how it is judged."""
    from reproduce.book import load_book

    is_file = claim.endswith((".yaml", ".yml")) or "/" in claim
    paths = [Path(claim)] if is_file else book_paths([book] if book else None)
    loaded = load_book(paths, overrides=set_ or [])
    entry = loaded.claims[0] if is_file and loaded.claims else loaded.get(claim)
    if as_json:
        echo_json({"file": entry.file, **entry.claim.model_dump(mode="json")})
    else:
        typer.echo("\n".join(_lines(entry, loaded)))


def _lines(entry: BookClaim, book: Book) -> Iterator[str]:
    claim = entry.claim
    yield from (claim.title, "=" * min(len(claim.title), text_width(_WIDTH)), "")
    yield from _quote(claim)
    yield from _paper(claim, book)
    yield from _section("What is run", _fields(claim.experiment))
    yield from _section("What is expected", _fields(claim.expect))
    judged = {
        "role": claim.role,
        "family": claim.family,
        "alpha": f"{claim.alpha:g}",
        "interval over": claim.unit,
        "speaks about": claim.inference.replace("-", " "),
        "needs evidence": str(claim.min_evidence),
    }
    yield from _section("How it is judged", judged)
    for title, text in (("Why", claim.justification), ("Notes", claim.notes)):
        if text:
            yield from ("", title, *_wrapped(text))
    if claim.assumptions:
        yield from ("", "Assumptions", *(line for a in claim.assumptions for line in _item(a)))
    yield from ("", f"id    {claim.id}", f"file  {entry.file}", f"next  reproduce run {entry.file}")


def _quote(claim: Claim) -> Iterator[str]:
    source = claim.source
    cut = " [cut off in the source]" if source.truncated else ""
    yield from _wrapped(f"“{source.quote}”{cut}")
    parts = [source.document]
    if source.row is not None:
        parts.append(f"row {source.row}")
    if source.confidence is not None:
        parts.append(f"its own confidence {source.confidence}")
    if source.verified is not None:
        parts.append("marked as verified" if source.verified else "not marked as verified")
    yield from _wrapped(f"from {', '.join(parts)}")


def _paper(claim: Claim, book: Book) -> Iterator[str]:
    paper = book.papers.papers[claim.paper]
    year = f" ({paper.year})" if paper.year else ""
    yield from _wrapped(f"about {paper.title or claim.paper}{year}, {paper.link}")


def _fields(noun: Noun) -> dict[str, str]:
    # What the file leaves out is shown too: the defaults decide as much as what is written.
    return {name: _value(value) for name, value in noun.model_dump(mode="json").items()}


def _value(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_value(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    if value is None:
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _section(title: str, fields: dict[str, str]) -> Iterator[str]:
    width = max(map(len, fields))
    yield from ("", title)
    for name, text in fields.items():
        first = f"  {name.replace('_', ' '):{width}}  "
        rest = " " * len(first)
        yield from textwrap.wrap(
            text, text_width(_WIDTH), initial_indent=first, subsequent_indent=rest
        ) or [first.rstrip()]


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, text_width(_WIDTH), initial_indent="  ", subsequent_indent="  ")


def _item(text: str) -> list[str]:
    return textwrap.wrap(text, text_width(_WIDTH), initial_indent="  - ", subsequent_indent="    ")

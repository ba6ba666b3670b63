"""`reproduce list`: the claims of a book in a table."""

from __future__ import annotations

import typer

from reproduce.cli.options import AsJson, BookPaths, book_paths
from reproduce.cli.output import columns, counted, echo_json

_HEADER = ("id", "family", "role", "experiment", "expectation", "needs evidence", "title")


def command(paths: BookPaths = None, as_json: AsJson = False) -> None:
    """List the claims of a book, and its drafts."""
    from reproduce.book import load_book

    book = load_book(book_paths(paths))
    if as_json:
        claims = [{"file": e.file, **e.claim.model_dump(mode="json")} for e in book.claims]
        drafts = [{"file": e.file, **e.draft.model_dump(mode="json")} for e in book.drafts]
        echo_json([*claims, *drafts])
        return
    rows = [
        (c.id, c.family, c.role, c.experiment.kind, c.expect.kind, str(c.min_evidence), c.title)
        for c in (entry.claim for entry in book.claims)
    ]
    typer.echo(columns(_HEADER, rows))
    if book.drafts:
        typer.echo(f"\n{counted(len(book.drafts), 'draft')}, which do not run:")
        titles = [(entry.draft.id, entry.draft.title) for entry in book.drafts]
        typer.echo(columns(("id", "title"), titles))

"""`reproduce list`: the claims of a book in a table."""

from __future__ import annotations

import typer

from reproduce.cli.options import AsJson, BookPaths, book_paths
from reproduce.cli.output import columns, echo_json

_HEADER = ("id", "family", "role", "experiment", "expectation", "needs evidence", "title")


def command(paths: BookPaths = None, as_json: AsJson = False) -> None:
    """List the claims of a book."""
    from reproduce.book import load_book

    book = load_book(book_paths(paths))
    if as_json:
        echo_json([{"file": e.file, **e.claim.model_dump(mode="json")} for e in book.claims])
        return
    claims = [entry.claim for entry in book.claims]
    rows = [
        (c.id, c.family, c.role, c.experiment.kind, c.expect.kind, str(c.min_evidence), c.title)
        for c in claims
    ]
    typer.echo(columns(_HEADER, rows))

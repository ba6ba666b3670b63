"""`reproduce validate`: check claims and a setting, and list everything that is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from reproduce.cli.options import AsJson, BookPaths, Overrides, book_paths
from reproduce.cli.output import counted, echo_json
from reproduce.errors import CheckpointError, Problem, SpecErrors

if TYPE_CHECKING:
    from reproduce.book import Book
    from reproduce.extract import QuoteCheck
    from reproduce.nouns.setting import Setting


def command(
    paths: BookPaths = None,
    setting: Annotated[
        str | None,
        typer.Option(
            "--setting", metavar="NAME|FILE", help="Also check that the claims fit this setting."
        ),
    ] = None,
    sources: Annotated[
        Path | None,
        typer.Option(
            "--sources",
            metavar="FOLDER",
            help="Where the quoted documents lie; default: where papers.yaml says.",
        ),
    ] = None,
    set_: Overrides = None,
    as_json: AsJson = False,
) -> None:
    """Check claims, drafts, papers and quotes; list all problems with file, line and key."""
    from reproduce.book import load_book, load_setting
    from reproduce.extract import check_quotes

    problems: list[Problem] = []
    book, chosen = None, None
    try:
        book = load_book(book_paths(paths), overrides=set_ or [])
    except SpecErrors as error:
        problems += error.problems
    try:
        chosen = load_setting(setting, overrides=set_ or []) if setting is not None else None
    except SpecErrors as error:
        problems += error.problems
    quotes = check_quotes(book, sources) if book is not None else None
    problems += quotes.problems if quotes else ()
    if problems or book is None or quotes is None:
        raise SpecErrors(problems)
    layers = _check_fit(book, chosen) if chosen is not None else None
    _say(_Checked(book, quotes, chosen, layers), as_json=as_json)


def _check_fit(book: Book, setting: Setting) -> int | None:
    """Layers of the setting's model, if every claim fits it; None if it is yet to be fetched."""
    from reproduce.book import check_against
    from reproduce.models.checkpoint import inspect_checkpoint
    from reproduce.models.fusion import FUSIONS
    from reproduce.tasks import TASKS

    layers = None
    try:
        layers = inspect_checkpoint(setting.checkpoint).layers
    except CheckpointError:
        if not setting.checkpoint.startswith(("hub:", "embedded:")):
            raise
    if problems := check_against(book, setting, layers, tasks=list(TASKS), fusions=list(FUSIONS)):
        raise SpecErrors(problems)
    return layers


class _Checked(NamedTuple):
    """What was found to be in order."""

    book: Book
    quotes: QuoteCheck
    setting: Setting | None
    layers: int | None


def _say(checked: _Checked, *, as_json: bool) -> None:
    book, quotes, setting, layers = checked
    claims, drafts, papers = len(book.claims), len(book.drafts), len(book.papers.papers)
    if as_json:
        echo_json(
            {
                "claims": claims,
                "drafts": drafts,
                "papers": papers,
                "quotes_found": quotes.found,
                "documents_not_at_hand": quotes.not_at_hand,
                "setting": setting.name if setting else None,
                "layers": layers,
                "problems": [],
            }
        )
        return
    parts = [counted(claims, "claim"), *([counted(drafts, "draft")] if drafts else [])]
    text = f"{', '.join(parts)} and {counted(papers, 'paper')}: no problems."
    if setting is not None:
        model = f"has {layers} layers" if layers else "is not here, so layers were not checked"
        text += f" They fit the setting {setting.name}, whose model {model}."
    typer.echo(text)
    if quotes.found:
        typer.echo(f"{counted(quotes.found, 'quote')} found word for word.")
    for document, reason in quotes.not_at_hand.items():
        typer.echo(f"Quotes from {document} were not looked for: {reason}.")
        typer.echo("  next: --sources FOLDER says where it lies")

"""`reproduce report`: render the evidence of a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reproduce.cli.exit_status import ExitStatus
from reproduce.cli.options import DEFAULT_STORE, StorePlace

if TYPE_CHECKING:
    from reproduce.book import Book
    from reproduce.nouns.record import Record
    from reproduce.nouns.run import Run
    from reproduce.store import Store

_SUFFIXES = {"html": ".html", "markdown": ".md", "json": ".json"}


def command(
    run: Annotated[
        str | None, typer.Argument(metavar="[RUN]", help="Id of a run; default: the latest.")
    ] = None,
    html: Annotated[
        bool, typer.Option("--html", help="One self-contained page (default).")
    ] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="A summary as Markdown.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Everything as JSON, to standard output without --out.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="File to write; - is standard output."),
    ] = None,
    store: StorePlace = DEFAULT_STORE,
    templates: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Templates of your own, run in a sandbox."),
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
) -> None:
    """Render the evidence of a run from its stored records; nothing is trained or judged."""
    from reproduce.history import nights
    from reproduce.report import build_view, report_path, to_html, to_json, to_markdown, write
    from reproduce.store import open_store

    shelf = open_store(store)
    found = _find(shelf, run)
    past = nights(shelf, setting=found.setting.name, overrides=found.overrides)
    view = build_view(found, _records(shelf, found), past, book=_book(found))
    writers = {"html": to_html, "markdown": to_markdown}
    asked = {"html": html, "markdown": markdown, "json": as_json}
    formats = [name for name, wanted in asked.items() if wanted] or ["html"]
    for name in formats:
        text = to_json(view) if name == "json" else writers[name](view, templates)
        if str(out) == "-" or (name == "json" and out is None):
            typer.echo(text, nl=False)
            continue
        path = out or report_path(found, _SUFFIXES[name])
        if out and len(formats) > 1:
            path = out.with_suffix(_SUFFIXES[name])
        write(path, text)
        # With --json the standard output is one document.
        typer.echo(f"Report: {path}\n  {path.resolve().as_uri()}", err=as_json)
        if open_ and name == "html":
            _open(path)
    if not found.verdicts:
        typer.echo("Nothing was evaluated in this run.", err=True)
        raise typer.Exit(ExitStatus.NOTHING_EVALUATED)


def _find(store: Store, name: str | None) -> Run:
    from reproduce.errors import UserError
    from reproduce.store import runs

    found = runs.latest(store) if name is None else runs.load(store, name)
    if found is None:
        raise UserError(
            "there is no run to report yet",
            where=store.location,
            next_step="reproduce run claims/best_layer.yaml",
        )
    return found


def _records(store: Store, run: Run) -> dict[str, Record]:
    from reproduce.nouns.cell import cell_id
    from reproduce.store import records

    cells = {cell_id(trial.cell) for planned in run.claims for trial in planned.design.trials}
    store.bring(cells)
    return {i: record for i in sorted(cells) if (record := records.load(store, i)) is not None}


def _book(run: Run) -> Book | None:
    """The book that the claims of a run lie in, if their files are still where they were."""
    from reproduce.book import load_book
    from reproduce.book.book import papers_file
    from reproduce.errors import SpecErrors

    files = [path for planned in run.claims if (path := Path(planned.file)).is_file()]
    folders = dict.fromkeys(found.parent for path in files if (found := papers_file(path)))
    if not folders:
        return None
    try:
        return load_book(list(folders))
    except SpecErrors as error:
        first = str(error).splitlines()[0]
        typer.echo(f"Papers are named by their ids and not audited: {first}", err=True)
        return None


def _open(path: Path) -> None:
    import webbrowser

    if not webbrowser.open(path.resolve().as_uri()):
        typer.echo("  no browser was found to open it with", err=True)

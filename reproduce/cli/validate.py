"""`reproduce validate`: check claims and a setting, and list everything that is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from reproduce.cli.options import AsJson, BookPaths, Overrides, book_paths
from reproduce.cli.output import counted, echo_json
from reproduce.errors import Problem, SpecErrors

if TYPE_CHECKING:
    from reproduce.book import Book
    from reproduce.nouns.setting import Setting


def command(
    paths: BookPaths = None,
    setting: Annotated[
        str | None,
        typer.Option(
            "--setting", metavar="NAME|FILE", help="Also check that the claims fit this setting."
        ),
    ] = None,
    set_: Overrides = None,
    as_json: AsJson = False,
) -> None:
    """Check claims and their papers; list all problems with file, line and key."""
    from reproduce.book import load_book, load_setting

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
    if problems or book is None:
        raise SpecErrors(problems)
    layers = _check_fit(book, chosen) if chosen is not None else None
    _say(book, chosen, layers, as_json=as_json)


def _check_fit(book: Book, setting: Setting) -> int:
    """Layers of the setting's model, if every claim fits it."""
    from reproduce.book import check_against
    from reproduce.models.checkpoint import inspect_checkpoint
    from reproduce.models.fusion import FUSIONS
    from reproduce.tasks import TASKS

    layers = inspect_checkpoint(setting.checkpoint).layers
    if problems := check_against(book, setting, layers, tasks=list(TASKS), fusions=list(FUSIONS)):
        raise SpecErrors(problems)
    return layers


def _say(book: Book, setting: Setting | None, layers: int | None, *, as_json: bool) -> None:
    claims, papers = len(book.claims), len(book.papers.papers)
    if as_json:
        echo_json(
            {
                "claims": claims,
                "papers": papers,
                "setting": setting.name if setting else None,
                "layers": layers,
                "problems": [],
            }
        )
        return
    text = f"{counted(claims, 'claim')} and {counted(papers, 'paper')}: no problems."
    if setting is not None:
        text += f" They fit the setting {setting.name}, whose model has {layers} layers."
    typer.echo(text)

"""What verbs write: JSON for programs, columns for people.

With `--json` the standard output holds exactly one JSON document, of an error too; the text of an
error goes to the standard error in either case.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from reproduce.errors import SpecErrors, UserError

if TYPE_CHECKING:
    from reproduce.cli.exit_status import ExitStatus

_NARROWEST = 40  # columns


def echo_json(value: object) -> None:
    """Write one JSON document to the standard output."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


def error_as_json(error: Exception, status: ExitStatus) -> dict[str, object]:
    """The document that stands for an error; `problems` only for errors in files."""
    content: dict[str, object] = {"kind": type(error).__name__, "exit_status": int(status)}
    if isinstance(error, SpecErrors):
        content["problems"] = [dataclasses.asdict(problem) for problem in error.problems]
    elif isinstance(error, UserError):
        content |= {
            "message": error.message,
            "where": error.where,
            "allowed": error.allowed,
            "next_step": error.next_step,
        }
    else:
        content["message"] = str(error)
    return {"error": content}


def columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows under a header, each column as wide as its widest cell."""
    table = [header, *rows]
    widths = [max(len(row[i]) for row in table) for i in range(len(header))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def text_width(widest: int = 100) -> int:
    """As wide as the terminal, and no wider than reads well; `widest` where there is none."""
    return min(widest, max(_NARROWEST, shutil.get_terminal_size((widest, 24)).columns))


def wrapped(text: str, *, indent: str = "") -> str:
    """Text in lines that fit the terminal."""
    # A path, an id or an option is copied: it is never cut in two.
    return textwrap.fill(
        text,
        text_width(),
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def counted(number: int, noun: str) -> str:
    """`1 claim`, `2 claims`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

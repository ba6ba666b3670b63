"""`reproduce schema`: the JSON Schema of a kind of file, for editors."""

from __future__ import annotations

from typing import Annotated

import typer

from reproduce.cli.output import echo_json


def command(
    kind: Annotated[str, typer.Argument(help="claim, setting or papers.")] = "claim",
) -> None:
    """Print the JSON Schema of a kind of file; editors check and complete with it."""
    from reproduce.book import json_schema

    echo_json(json_schema(kind))

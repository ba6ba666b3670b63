"""Options that several verbs share, so that they read the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Paths = Annotated[
    list[Path] | None,
    typer.Argument(help="Claim files or folders; default: claims/ here, else the shipped book."),
]
SettingOption = Annotated[
    str,
    typer.Option("--setting", help="world, scaled, paper, or your own YAML file."),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change one value for this run; repeatable."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON for programs.")]


def claim_paths(paths: list[Path] | None) -> list[Path]:
    """The paths given, or `claims/` in the working folder, or the shipped book."""
    if paths:
        return paths
    from reproduce.resources import shipped

    here = Path("claims")
    return [here if here.is_dir() else shipped("claims")]

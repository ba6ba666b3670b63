"""Arguments and options that several verbs share, so that they read the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_STORE = ".reproduce"
"""Folder of the records, below the working folder."""

ClaimPaths = Annotated[
    list[Path],
    typer.Argument(metavar="CLAIMS...", help="Claim files, or folders of them."),
]
BookPaths = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[CLAIMS]...",
        help="Claim files or folders; default: claims/ here, else the shipped book.",
        show_default=False,
    ),
]
SettingName = Annotated[
    str,
    typer.Option(
        "--setting", metavar="NAME|FILE", help="A shipped setting, or your own YAML file."
    ),
]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change one value for this call, e.g. experiment.seeds.looks=[4] or "
        "setting.tasks.pos.train=500; may be repeated.",
    ),
]
DataFolder = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="FOLDER",
        envvar="REPRODUCE_DATA",
        help="Folder of corpora, for settings such as scaled that read them from one.",
    ),
]
StorePlace = Annotated[
    str,
    typer.Option(
        "--store",
        metavar="FOLDER|URL",
        envvar="REPRODUCE_STORE",
        help="Where records are kept: a folder, or e.g. s3://bucket/prefix.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write one JSON document, for programs.")]


def book_paths(paths: list[Path] | None) -> list[Path]:
    """The paths given, or `claims/` in the working folder, or the shipped book."""
    if paths:
        return paths
    from reproduce.resources import shipped

    here = Path("claims")
    return [here if here.is_dir() else shipped("claims")]

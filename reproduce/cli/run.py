"""`reproduce run`: train what the claims need, judge them, say what came out."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

import typer

from reproduce.cli.options import (
    DEFAULT_STORE,
    AsJson,
    ClaimPaths,
    DataFolder,
    Overrides,
    SettingName,
    StorePlace,
)


def command(
    paths: ClaimPaths,
    setting: SettingName = "world",
    set_: Overrides = None,
    data: DataFolder = None,
    store: StorePlace = DEFAULT_STORE,
    executor: Annotated[
        Literal["ray", "inline"],
        typer.Option(help="Ray Tune's workers, or this process (for debugging)."),
    ] = "ray",
    cpus_per_cell: Annotated[float, typer.Option(help="CPU slots a cell takes.", min=0.1)] = 1.0,
    gpus_per_cell: Annotated[
        float, typer.Option(help="Share of a GPU a cell takes, e.g. 0.25.", min=0.0)
    ] = 0.0,
    workers: Annotated[
        int | None, typer.Option(help="Cells at once; by default as many as fit.", min=1)
    ] = None,
    ray_address: Annotated[
        str | None, typer.Option(help="An existing Ray cluster, e.g. auto or HOST:6379.")
    ] = None,
    cell_timeout: Annotated[
        float, typer.Option(help="Seconds after which a cell is ended.", min=1.0)
    ] = 3600.0,
    quick: Annotated[
        bool, typer.Option("--quick", help="A first impression with few layers and seeds.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 1 if a claim is refuted, 3 if one is undecided.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Train and evaluate what the claims need, judge them and store everything."""
    from reproduce.cli.execution import run_and_tell
    from reproduce.cli.request import build_request
    from reproduce.schedule import Options

    options = Options(
        executor=executor,
        cpus_per_cell=cpus_per_cell,
        gpus_per_cell=gpus_per_cell,
        workers=workers,
        ray_address=ray_address or "",
        cell_timeout_s=cell_timeout,
    )
    request = build_request(paths, setting, set_ or [], store, data)
    request = replace(request, options=options, quick=quick)
    raise typer.Exit(run_and_tell(request, as_json=as_json, strict=strict))

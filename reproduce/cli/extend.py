"""`reproduce extend`: run the next declared look of a claim that is undecided."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from reproduce.cli.options import DEFAULT_STORE, AsJson, StorePlace


def command(
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="Id of a claim that was run.")],
    store: StorePlace = DEFAULT_STORE,
    executor: Annotated[
        Literal["ray", "inline"], typer.Option(help="As in `reproduce run`.")
    ] = "ray",
    workers: Annotated[int | None, typer.Option(help="As in `reproduce run`.", min=1)] = None,
    as_json: AsJson = False,
) -> None:
    """Train the seeds of the claim's next look, set up as its latest run was, and judge."""
    from dataclasses import replace

    from reproduce.cli.execution import run_and_tell
    from reproduce.extension import next_look
    from reproduce.schedule import Options
    from reproduce.store import open_store

    request = next_look(open_store(store), claim)
    request = replace(request, options=Options(executor=executor, workers=workers))
    raise typer.Exit(run_and_tell(request, as_json=as_json))

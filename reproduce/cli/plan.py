"""`reproduce plan`: what a run would reuse, train, cost, and be able to conclude."""

from __future__ import annotations

import os
import textwrap
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated

import typer

from reproduce.cli.options import (
    DEFAULT_STORE,
    AsJson,
    ClaimPaths,
    DataFolder,
    Overrides,
    SettingName,
    StoreFolder,
)

if TYPE_CHECKING:
    from reproduce.forecast import ClaimForecast, Forecast


def command(
    paths: ClaimPaths,
    setting: SettingName = "world",
    set_: Overrides = None,
    data: DataFolder = None,
    store: StoreFolder = DEFAULT_STORE,
    quick: Annotated[bool, typer.Option("--quick", help="Plan the quick look.")] = False,
    look: Annotated[int, typer.Option(help="Look of the seeds to reach, from 1.", min=1)] = 1,
    as_json: AsJson = False,
) -> None:
    """Say what a run would do, cost and be able to conclude; nothing is trained."""
    from reproduce.cli.request import build_request
    from reproduce.forecast import forecast
    from reproduce.session import prepare

    request = build_request(paths, setting, set_ or [], store, data)
    found = forecast(prepare(replace(request, quick=quick, look=look - 1)))
    if as_json:
        from reproduce.cli.output import echo_json

        echo_json(_as_json(found))
    else:
        _print(found, seed_sd=request.setting.seed_sd)


def _print(found: Forecast, *, seed_sd: float) -> None:
    from reproduce.cli.summary import duration

    typer.echo(
        f"{found.cells} cells: {found.stored} stored, {found.cells - found.stored} to train."
    )
    for missing in found.missing:
        typer.echo(f"  {missing.cells} {missing.why}")
    if found.cells == found.stored:
        typer.echo("A run would only judge.")
    elif found.core_seconds is None:
        typer.echo("Cost: unknown; no such cell has been timed in this store or setting.")
    else:
        slots = os.cpu_count() or 1
        typer.echo(
            f"Cost: {duration(found.core_seconds)} of one core, "
            f"about {duration(found.core_seconds / slots)} on this machine's {slots}."
        )
    typer.echo(f"\nWhat the designs can conclude, with a seed sd of {seed_sd:g} points (setting):")
    for claim in found.claims:
        _print_claim(claim)


def _print_claim(found: ClaimForecast) -> None:
    yes = {True: "yes", False: "no"}
    typer.secho(f"\n{found.claim.id}: {found.claim.title}", bold=True)
    typer.echo(f"  cells: {found.cells}, {found.stored} of them stored")
    typer.echo(
        f"  can be supported: {yes[found.prospects.can_be_supported]}; "
        f"can be refuted: {yes[found.prospects.can_be_refuted]}"
    )
    for reason in dict.fromkeys(found.design.unavailable.values()):
        typer.echo(textwrap.fill(f"left out: {reason}", 100, initial_indent="  "))
    text = found.prospects.text
    typer.echo(textwrap.fill(text, 100, initial_indent="  ", subsequent_indent="  "))


def _as_json(found: Forecast) -> dict[str, object]:
    return {
        "cells": found.cells,
        "stored": found.stored,
        "missing": [asdict(m) for m in found.missing],
        "core_seconds": found.core_seconds,
        "claims": [
            {
                "id": c.claim.id,
                "cells": c.cells,
                "stored": c.stored,
                "looks": list(c.design.looks),
                "look": c.design.look + 1,
                "unavailable": c.design.unavailable,
                **asdict(c.prospects),
            }
            for c in found.claims
        ],
    }

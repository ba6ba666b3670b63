"""`reproduce plan`: what a run would reuse, train, cost, and be able to conclude."""

from __future__ import annotations

import os
from collections.abc import Sequence
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
    StorePlace,
)

if TYPE_CHECKING:
    from reproduce.forecast import ClaimForecast, ExperimentCost, Forecast, Spread

_WHOLE_SCALE = 100.0  # points: no two scores are further apart
_TOO_FEW = "No two scores are that far apart: so few units hardly ever decide anything."


def command(
    paths: ClaimPaths,
    setting: SettingName = "world",
    set_: Overrides = None,
    data: DataFolder = None,
    store: StorePlace = DEFAULT_STORE,
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
        _print(found, timed_on=request.setting.timed_on)


def _print(found: Forecast, *, timed_on: str) -> None:
    from reproduce.cli.output import counted
    from reproduce.report.text import duration

    typer.echo(
        f"{counted(found.cells, 'cell')}: {found.stored} stored, "
        f"{found.cells - found.stored} to train."
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
            f"Cost: {duration(found.core_seconds)} of one {timed_on}."
            if timed_on
            else f"Cost: {duration(found.core_seconds)} of one core, "
            f"about {duration(found.core_seconds / slots)} on this machine's {slots}."
        )
    if len(found.by_experiment) > 1:
        _print_experiments(found.by_experiment)
    typer.echo("\nWhat the designs can conclude:")
    for claim in found.claims:
        _print_claim(claim)


def _print_experiments(costs: Sequence[ExperimentCost]) -> None:
    """Distinct cells and core-hours by kind of experiment, and altogether."""
    from reproduce.cli.output import columns

    header = ("experiment", "claims", "cells", "shared", "stored", "core-hours", "to go")
    rows = [
        (
            cost.kind,
            str(cost.claims),
            str(cost.cells),
            str(cost.shared),
            str(cost.stored),
            _hours(cost.seconds),
            _hours(cost.seconds_left),
        )
        for cost in costs
    ]
    total = (
        "together",
        str(sum(c.claims for c in costs)),
        str(sum(c.cells - c.shared for c in costs)),
        "",
        str(sum(c.stored for c in costs)),
        _hours(_sum([c.seconds for c in costs])),
        _hours(_sum([c.seconds_left for c in costs])),
    )
    typer.echo(f"\n{columns(header, [*rows, total])}")
    typer.echo("shared: cells that an experiment above needs too; they are counted there")


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _hours(seconds: float | None) -> str:
    return "unknown" if seconds is None else f"{seconds / 3600:.2f}"


def _print_claim(found: ClaimForecast) -> None:
    from reproduce.cli.output import wrapped

    yes = {True: "yes", False: "no"}
    typer.secho(f"\n{wrapped(f'{found.claim.id}: {found.claim.title}')}", bold=True)
    typer.echo(f"  cells: {found.cells}, {found.stored} of them stored")
    typer.echo(
        f"  can be supported: {yes[found.prospects.can_be_supported]}; "
        f"can be refuted: {yes[found.prospects.can_be_refuted]}"
    )
    for spread in found.spreads if found.prospects.mde is not None else ():
        typer.echo(f"  {_spread(spread, found.claim.unit)}")
    if found.prospects.seeds_needed is not None:
        # The attribute says it: units that would make possible what is not.
        needed = f"{found.prospects.seeds_needed} {found.claim.unit}s"
        typer.echo(f"  what it cannot conclude so could be concluded with {needed}")
    for reason in dict.fromkeys(found.design.unavailable.values()):
        typer.echo(wrapped(f"left out: {reason}", indent="  "))
    typer.echo(wrapped(found.prospects.text, indent="  "))
    if (found.prospects.mde or 0.0) > _WHOLE_SCALE:
        typer.echo(wrapped(_TOO_FEW, indent="  "))


def _spread(spread: Spread, unit: str) -> str:
    """`pos: sd over seeds 1.34 points (95% interval 0.89 to 2.73), from a pilot of 8 units ...`."""
    begin = f"{spread.task}: " if spread.task else ""
    text = f"{begin}sd over {unit}s {spread.sd:.2f} points"
    if spread.low is not None and spread.high is not None:
        text += f" (95% interval {spread.low:.2f} to {spread.high:.2f})"
    return f"{text}, {spread.known_from}"


def _as_json(found: Forecast) -> dict[str, object]:
    return {
        "cells": found.cells,
        "stored": found.stored,
        "missing": [asdict(m) for m in found.missing],
        "core_seconds": found.core_seconds,
        "by_experiment": [asdict(cost) for cost in found.by_experiment],
        "claims": [
            {
                "id": c.claim.id,
                "cells": c.cells,
                "stored": c.stored,
                "looks": list(c.design.looks),
                "look": c.design.look + 1,
                "unavailable": c.design.unavailable,
                **asdict(c.prospects),
                "spreads": [{**asdict(s), "known_from": s.known_from} for s in c.spreads],
            }
            for c in found.claims
        ],
    }

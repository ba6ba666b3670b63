"""`reproduce history`: how one claim moved over the nights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from reproduce.cli.options import DEFAULT_STORE, AsJson, StorePlace

if TYPE_CHECKING:
    from reproduce.history import Point


def command(
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="Id of a claim.")],
    setting: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only nights in this setting.")
    ] = None,
    store: StorePlace = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """List verdict, estimate and environment of a claim, night by night."""
    from reproduce.cli.output import columns, echo_json
    from reproduce.errors import UserError
    from reproduce.history import nights, timelines
    from reproduce.registry import did_you_mean, names_near
    from reproduce.store import open_store

    found = [n for n in nights(open_store(store)) if setting in (None, n.setting)]
    points = timelines(found, claim)
    if not points:
        known = sorted({s.claim for n in found for s in n.standings})
        raise UserError(
            f"claim {claim!r} was never verified here",
            where=str(store),
            allowed=names_near(claim, known) or "no claim yet",
            next_step=did_you_mean(claim, known, "reproduce verify claims/"),
        )
    if as_json:
        echo_json([_as_json(point) for point in points])
        return
    environments = list(dict.fromkeys(p.standing.environment for p in points))
    rows = [_row(point, environments) for point in points]
    header = ("night", "when", "setting", "verdict", "estimate", "environment", "note")
    typer.echo(columns(header, rows))
    typer.echo()
    for number, environment in enumerate(environments, 1):
        typer.echo(f"Environment {number}: {environment or 'unknown'}")


def _row(point: Point, environments: list[str]) -> tuple[str, ...]:
    from reproduce.verification.comparison import shown

    night, standing = point.night, point.standing
    notes = [word for word, holds in (("flip", point.flip), ("drift", point.drift)) if holds]
    return (
        str(night.number),
        night.started[:16].replace("T", " "),
        night.setting + (" (changed values)" if night.overrides else ""),
        str(standing.outcome),
        shown(standing.estimate),
        str(environments.index(standing.environment) + 1),
        ", ".join(notes),
    )


def _as_json(point: Point) -> dict[str, object]:
    night = point.night
    return {
        "night": night.number,
        "id": night.id,
        "started": night.started,
        "setting": night.setting,
        "overrides": list(night.overrides),
        "tier": night.tier,
        "commit": night.commit,
        "flip": point.flip,
        "drift": point.drift,
        **point.standing.model_dump(mode="json"),
    }

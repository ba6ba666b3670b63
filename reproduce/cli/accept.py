"""`reproduce accept`: take the verdicts of a night over into the baseline, with a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reproduce.cli.options import DEFAULT_STORE, StorePlace


def command(
    claims: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CLAIM]...", help="Ids of claims.", show_default=False),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why this is accepted; kept in the file.")] = "",
    all_: Annotated[bool, typer.Option("--all", help="Every claim of the night.")] = False,
    setting: Annotated[
        str | None, typer.Option(metavar="NAME", help="Setting; default: of the latest night.")
    ] = None,
    baseline: Annotated[Path, typer.Option(metavar="FILE", help="The accepted verdicts.")] = Path(
        "reports/baseline.json"
    ),
    store: StorePlace = DEFAULT_STORE,
) -> None:
    """Accept what the latest `reproduce verify` found, so that later nights compare with it."""
    from reproduce.errors import UserError
    from reproduce.history import nights
    from reproduce.store import open_store
    from reproduce.verification import accept, load_baseline, save_baseline

    if bool(claims) == all_:
        raise UserError(
            "say which verdicts to accept",
            where="reproduce accept",
            allowed="ids of claims, or --all",
        )
    known = [n for n in nights(open_store(store)) if setting in (None, n.setting)]
    if not known:
        raise UserError(
            "nothing has been verified here yet",
            where=str(store),
            next_step="reproduce verify claims/",
        )
    night = max(known, key=lambda night: (night.started, night.number))
    before = load_baseline(baseline)
    after = accept(before, night, reason=reason, claims=claims or None)
    old = before.settings.get(night.setting, {})
    new = after.settings[night.setting]
    for claim in sorted({*old, *new}):
        if old.get(claim) != new.get(claim):
            was = old[claim].standing.outcome if claim in old else "nothing"
            now = new[claim].standing.outcome if claim in new else "nothing"
            typer.echo(f"{claim}: {was} -> {now}")
    if before == after:
        typer.echo("Nothing has changed.")
        return
    save_baseline(baseline, after)
    typer.echo(f"Baseline: {baseline} (from night {night.number}, {night.id})")

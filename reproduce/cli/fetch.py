"""`reproduce fetch`: download what a setting needs from the hub, ahead of a run."""

from __future__ import annotations

from typing import Annotated

import typer

from reproduce.cli.options import AsJson, DataFolder, Overrides, SettingName


def command(
    setting: SettingName = "paper",
    set_: Overrides = None,
    data: DataFolder = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be fetched, and how large it is.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Download the model and the data sets of a setting, checked by their digests."""
    from reproduce.book import load_setting
    from reproduce.cli.output import counted, echo_json
    from reproduce.fetch import fetch, look_up_all, total

    chosen = load_setting(setting, overrides=set_ or [], data=data)
    wanted = look_up_all(chosen)
    missing = [file for file in wanted if not file.here]
    if as_json:
        echo_json(
            {
                "setting": chosen.name,
                "files": len(wanted),
                "missing": len(missing),
                "bytes": total(wanted),
                "missing_bytes": total(missing),
            }
        )
    elif not wanted:
        typer.echo(f"Setting {chosen.name} needs nothing from the hub that is not here.")
    else:
        for reference in dict.fromkeys(file.reference for file in wanted):
            size = total(wanted, reference=reference) / 1e6
            lacking = total(wanted, reference=reference, here=False) / 1e6
            typer.echo(f"{reference.kind} {reference}: {size:.0f} MB, {lacking:.0f} MB to fetch")
    if dry_run or not missing:
        return
    fetch(missing, (lambda text: None) if as_json else typer.echo)
    if not as_json:
        typer.echo(f"Fetched {counted(len(missing), 'file')}, all as the hub announces them.")
        typer.echo(f"Next: reproduce plan claims --setting {setting}")

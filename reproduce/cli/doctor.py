"""`reproduce doctor`: what this machine has, what is missing, and what to do about it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from reproduce.cli.exit_status import ExitStatus
from reproduce.cli.options import DEFAULT_STORE, AsJson, StorePlace

if TYPE_CHECKING:
    from reproduce.cli.machine import Check


def command(
    store: StorePlace = DEFAULT_STORE,
    ray: Annotated[bool, typer.Option("--ray", help="Start Ray for a test; takes 10 s.")] = False,
    json: AsJson = False,
) -> None:
    """Say what this machine has and what is missing.

    Ends with 2 if something that every run needs is broken.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch is imported
    from reproduce.cli.machine import as_json, examine
    from reproduce.cli.output import echo_json

    checks = examine(store, ray=ray)
    if json:
        echo_json(as_json(checks))
    else:
        for check in checks:
            typer.echo(_lines(check))
        typer.echo(_conclusion(checks))
    if any(check.status == "problem" for check in checks):
        raise typer.Exit(ExitStatus.USER_ERROR)


def _lines(check: Check) -> str:
    line = f"{check.status:8} {check.topic}: {check.text}"
    return f"{line}\n{'':8}   next: {check.next_step}" if check.next_step else line


def _conclusion(checks: list[Check]) -> str:
    problems = sum(check.status == "problem" for check in checks)
    if problems:
        return f"\n{problems} problem{'s' if problems > 1 else ''} to mend before a run."
    return "\nReady. Next: reproduce run claims/best_layer.yaml"

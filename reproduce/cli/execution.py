"""Runs a request with progress on the terminal, and tells how it ended."""

from __future__ import annotations

import typer

from reproduce.cli.exit_status import ExitStatus
from reproduce.cli.summary import print_prepared, print_run, status_of
from reproduce.nouns.run import Run
from reproduce.schedule.progress import progress
from reproduce.session import Request, prepare, run


def run_and_tell(request: Request, *, as_json: bool, strict: bool = False) -> ExitStatus:
    """Train what is missing, judge, and print the verdicts or the whole run as JSON."""
    prepared = prepare(request)
    if not as_json:
        print_prepared(prepared)
    with progress(len(prepared.plan.cells), quiet=as_json) as on_event:
        result = run(prepared, on_event)
    status = tell(result, as_json=as_json, strict=strict)
    request.store.settle()
    return status


def tell(result: Run, *, as_json: bool, strict: bool = False) -> ExitStatus:
    """Print a finished run; the status that the program is to end with."""
    if as_json:
        typer.echo(result.model_dump_json(indent=2))
    else:
        print_run(result)
    return status_of(result, strict=strict)

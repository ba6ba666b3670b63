"""`reproduce selftest`: the shipped judge on simulated truths, measured beside what it promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from reproduce.cli.exit_status import ExitStatus
from reproduce.cli.options import AsJson

if TYPE_CHECKING:
    from reproduce.judge.scenarios import Promise
    from reproduce.judge.selftest import Measured

_RUNS, _THOROUGH = 800, 8000


def command(
    thorough: Annotated[
        bool,
        typer.Option(
            "--thorough", help=f"{_THOROUGH} simulations a row, not {_RUNS}: about six minutes."
        ),
    ] = False,
    seed: Annotated[int, typer.Option(help="Seed of the simulations.", min=0)] = 0,
    as_json: AsJson = False,
) -> None:
    """Judge simulated claims of known truth, and compare the error rates with the promised ones.

    Ends with status 1 if a promise is broken beyond what the number of simulations explains.
    """
    from reproduce.judge.selftest import selftest

    found = []
    for measured in selftest(runs=_THOROUGH if thorough else _RUNS, seed=seed):
        found.append(measured)
        if not as_json:
            _print(measured, first=len(found) == 1)
    broken = [measured for measured in found if not measured.kept]
    if as_json:
        from reproduce.cli.output import echo_json

        echo_json([_as_json(measured) for measured in found])
    else:
        typer.echo(_summary(found, broken))
    if broken:
        raise typer.Exit(ExitStatus.REFUTED)


def _print(measured: Measured, *, first: bool) -> None:
    if first:
        typer.echo(f"{'simulated truth':60}  {'rate':17}  {'promised':>12}  measured")
    mark = "" if measured.kept else "  BROKEN"
    typer.echo(
        f"{measured.scenario:60}  {measured.promise.title:17}  "
        f"{_promised(measured.promise):>12}  {100 * measured.value:5.1f}% "
        f"± {100 * measured.error:.1f}{mark}"
    )


def _promised(promise: Promise) -> str:
    if promise.least == 0:
        return f"<= {100 * promise.most:.3g}%"
    return f"{100 * promise.least:.3g}-{100 * promise.most:.3g}%"


def _summary(found: list[Measured], broken: list[Measured]) -> str:
    runs = found[0].runs
    text = f"\n{len(found) - len(broken)} of {len(found)} promises kept, {runs} simulations a row"
    return f"{text}; ± is one standard error of the simulation."


def _as_json(measured: Measured) -> dict[str, object]:
    return {
        "scenario": measured.scenario,
        "rate": measured.promise.title,
        "least": measured.promise.least,
        "most": measured.promise.most,
        "measured": measured.value,
        "error": measured.error,
        "runs": measured.runs,
        "kept": measured.kept,
    }

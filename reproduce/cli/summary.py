"""What `run` says before and after: the plan in two lines, the verdicts, the next command."""

from __future__ import annotations

from collections.abc import Iterable

import typer

from reproduce.cli.exit_status import ExitStatus
from reproduce.cli.next_level import next_level
from reproduce.cli.output import counted, wrapped
from reproduce.judge.numbers import signed
from reproduce.judge.words import LEVELS, OUTCOMES, phrase
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.run import Failure, Run
from reproduce.nouns.verdict import Estimate, Verdict
from reproduce.report.facts import overlap_lines
from reproduce.report.files import report_path
from reproduce.report.text import duration
from reproduce.session import NO_EXECUTOR, Prepared

_COLOURS = {
    Outcome.SUPPORTED: typer.colors.GREEN,
    Outcome.CONFORMS: typer.colors.GREEN,
    Outcome.REFUTED: typer.colors.RED,
    Outcome.DOES_NOT_CONFORM: typer.colors.RED,
    Outcome.ERROR: typer.colors.RED,
    Outcome.INCONCLUSIVE: typer.colors.YELLOW,
}


def print_prepared(prepared: Prepared) -> None:
    """Which setting, how many cells, how many are stored."""
    setting, cells = prepared.scene.setting, prepared.plan.cells
    level = LEVELS[setting.evidence]
    typer.echo(f"Setting {setting.name}: {setting.title}. Evidence: {level.word}.")
    missing = len(prepared.missing)
    claims = len(prepared.request.claims)
    typer.echo(
        f"{counted(claims, 'claim')}, {counted(len(cells), 'cell')}: "
        f"{len(cells) - missing} stored, {missing} to train."
    )
    if drafts := prepared.request.drafts:
        typer.echo(f"{counted(drafts, 'draft')} set aside: not filled in yet.")
    for task, reason in prepared.scene.unavailable.items():
        _wrapped(f"Task {task} is left out: {reason}", indent="  ")
    if prepared.request.quick:
        _watermark()


def print_run(result: Run) -> None:
    """Every verdict with its reason, failures, and what to do next."""
    report = report_path(result)
    typer.echo()
    if result.watermark:
        _watermark()
    titles = {planned.claim.id: planned.claim.title for planned in result.claims}
    for verdict in result.verdicts:
        _print_verdict(verdict, titles[verdict.claim])
    _print_failures(result.failures)
    if shared := overlap_lines(result.overlaps):
        typer.echo("Evaluated examples that stand word for word in the training data:")
        for line in shared:
            _wrapped(line, indent="  ")
    done = f"{result.trained} trained, {result.reused} reused"
    if result.failures:
        done += f", {len(result.failures)} failed"
    if result.not_run:
        done += f", {len(result.not_run)} not run"
    typer.echo(f"Cells: {done}, in {duration(result.seconds)}.")
    if result.not_run and result.executor == NO_EXECUTOR:
        typer.echo("Next: reproduce run, with the same claims and options, trains what is missing")
    elif result.not_run:
        typer.echo("Interrupted before all cells had run; what is finished is stored.")
        typer.echo(f"Next: {result.command}   (goes on from here)")
    else:
        typer.echo(f"Next: reproduce report --html   (writes {report})")
        for line in next_level(result):
            typer.echo(line)


def _print_verdict(verdict: Verdict, title: str) -> None:
    wording = OUTCOMES[verdict.outcome]
    said = phrase(verdict.outcome, verdict.evidence)
    head = f"{wording.symbol} {verdict.claim}: {said}"
    typer.secho(head, fg=_COLOURS.get(verdict.outcome), bold=True)
    _wrapped(title, indent="  ")
    why = verdict.reason.removeprefix(f"{said}: ")  # the line above says it
    _wrapped(f"Why: {why}", indent="  ")
    for estimate in verdict.estimates[:8]:
        typer.echo(f"    {_interval(estimate)}")
    if verdict.why_undecided:
        _wrapped(f"Undecided: {verdict.why_undecided}.", indent="  ")
    if verdict.settle is not None:
        _wrapped(f"To settle it: {verdict.settle.text}", indent="  ")
        if verdict.settle.command:
            typer.echo(f"    {verdict.settle.command}")
    typer.echo()


def _interval(estimate: Estimate) -> str:
    value = signed(estimate.value)
    if estimate.low is None or estimate.high is None:
        return f"{estimate.name}: {value} {estimate.scale}"
    level = f"{100 * estimate.level:g} %"
    bounds = f"{signed(estimate.low)} to {signed(estimate.high)}"
    where = f"({level} interval {bounds}, n = {estimate.n})"
    return f"{estimate.name}: {value} {estimate.scale} {where}"


def _print_failures(failures: Iterable[Failure]) -> None:
    for failure in failures:
        typer.secho(f"! failed after {failure.attempts} attempts: {failure.title}", fg="red")
        _wrapped(failure.error, indent="    ")


def _watermark() -> None:
    typer.secho(
        "NOT EVIDENCE: a quick look with few layers and seeds. Run without --quick for a verdict.",
        fg=typer.colors.YELLOW,
        bold=True,
    )


def _wrapped(text: str, *, indent: str) -> None:
    typer.echo(wrapped(text, indent=indent))


def status_of(result: Run, *, strict: bool) -> ExitStatus:
    """The exit status of a finished run; verdicts count only under `--strict`."""
    outcomes = {verdict.outcome for verdict in result.verdicts}
    if result.failures or Outcome.ERROR in outcomes:
        return ExitStatus.FAILED
    if result.not_run and result.executor != NO_EXECUTOR:
        return ExitStatus.INTERRUPTED
    if not outcomes or outcomes <= {Outcome.NOT_RUN, Outcome.NOT_APPLICABLE, Outcome.NOT_TESTABLE}:
        return ExitStatus.NOTHING_EVALUATED
    # A control that must be refuted, and is, is no failure.
    open_ = {verdict.outcome for verdict in result.verdicts if verdict.control != "passed"}
    failed = any(verdict.control == "failed" for verdict in result.verdicts)
    if strict and (failed or open_ & {Outcome.REFUTED, Outcome.DOES_NOT_CONFORM}):
        return ExitStatus.REFUTED
    if strict and open_ & {Outcome.INCONCLUSIVE, Outcome.NOT_RUN}:
        return ExitStatus.INCOMPLETE
    return ExitStatus.DONE

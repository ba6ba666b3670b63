"""`reproduce verify`: the nightly verb; runs what is due, judges all, compares, remembers."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from reproduce.cli.exit_status import ExitStatus
from reproduce.cli.options import (
    DEFAULT_STORE,
    AsJson,
    BookPaths,
    DataFolder,
    Overrides,
    SettingName,
    StorePlace,
    book_paths,
)

if TYPE_CHECKING:
    from reproduce.schedule import Event
    from reproduce.verification import Decision, Quarantine, Verification


def command(
    paths: BookPaths = None,
    setting: SettingName = "world",
    set_: Overrides = None,
    data: DataFolder = None,
    store: StorePlace = DEFAULT_STORE,
    tier: Annotated[
        Literal["push", "night"],
        typer.Option(help="push: judge what is stored, run controls. night: run all that is due."),
    ] = "night",
    policy: Annotated[
        Literal["accepted", "strict", "report"],
        typer.Option(help="What fails: all that is not as accepted, more, or only errors."),
    ] = "accepted",
    baseline: Annotated[Path, typer.Option(metavar="FILE", help="The accepted verdicts.")] = Path(
        "reports/baseline.json"
    ),
    quarantine: Annotated[
        Path, typer.Option(metavar="FILE", help="Known failures, with reason and expiry.")
    ] = Path("reports/quarantine.yaml"),
    max_hours: Annotated[
        float | None, typer.Option(help="Budget of time; the rest is left for later.", min=0.0)
    ] = None,
    max_gpu_hours: Annotated[
        float | None, typer.Option(help="Budget of GPU time, summed over cells.", min=0.0)
    ] = None,
    recheck: Annotated[
        float,
        typer.Option(help="Percent of the stored cells to run again.", min=0.0, max=100.0),
    ] = 5.0,
    renew: Annotated[
        bool,
        typer.Option("--renew/--keep", help="Run cells of another environment again, or not."),
    ] = True,
    executor: Annotated[
        Literal["ray", "inline"], typer.Option(envvar="REPRODUCE_EXECUTOR", help="As in run.")
    ] = "ray",
    workers: Annotated[int | None, typer.Option(help="As in run.", min=1)] = None,
    gpus_per_cell: Annotated[float, typer.Option(help="As in run.", min=0.0)] = 0.0,
    ray_address: Annotated[str | None, typer.Option(help="As in run.")] = None,
    cell_timeout: Annotated[float, typer.Option(help="As in run.", min=1.0)] = 3600.0,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write JUnit XML, Markdown, badge and JSON there."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run what is due within a budget, judge all claims, and compare with what is accepted.

    In GitHub Actions it also writes the job's summary and annotations.
    """
    from dataclasses import replace

    from reproduce.cli.request import build_request
    from reproduce.schedule import Options
    from reproduce.session import prepare
    from reproduce.verification import decide, load_baseline, load_quarantine, verify

    options = Options(
        executor=executor,
        workers=workers,
        gpus_per_cell=gpus_per_cell,
        ray_address=ray_address or "",
        cell_timeout_s=cell_timeout,
        max_seconds=None if max_hours is None else 3600 * max_hours,
        max_gpu_seconds=None if max_gpu_hours is None else 3600 * max_gpu_hours,
    )
    request = build_request(book_paths(paths), setting, set_ or [], store, data)
    known = load_quarantine(quarantine, {c.claim.id for c in request.claims})
    accepted = load_baseline(baseline)
    prepared = prepare(replace(request, options=options))
    with _Display(quiet=as_json) as display:
        found = verify(
            prepared,
            tier=tier,
            baseline=accepted,
            watch=display.watch,
            share=recheck / 100,
            renew=renew,
        )
    excuses = known.excuses(datetime.now(UTC).date())
    decision = decide(found, policy, excuses)
    _tell(found, decision, known, out, as_json=as_json)
    request.store.settle()
    raise typer.Exit(ExitStatus(decision.status))


class _Display:
    """Progress by phase: each phase has its own total."""

    def __init__(self, *, quiet: bool):
        from reproduce.verification import Watch

        self._quiet = quiet
        self._stack = ExitStack()
        self._event: Callable[[Event], None] | None = None
        self.watch = Watch(event=self._take, phase=self._begin)

    def __enter__(self) -> _Display:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def _begin(self, name: str, cells: int) -> None:
        from reproduce.cli.output import counted
        from reproduce.schedule.progress import progress

        self._stack.close()
        if cells and not self._quiet:
            what = {"missing": "to train", "again": "to run again and compare"}[name]
            typer.echo(f"{counted(cells, 'cell')} {what}.", err=True)
        self._event = self._stack.enter_context(progress(cells, quiet=self._quiet or not cells))

    def _take(self, event: Event) -> None:
        # Stored records are read in the first phase; they are no part of what there is to do.
        if self._event is not None and not getattr(event, "reused", False):
            self._event(event)


def _tell(
    found: Verification,
    decision: Decision,
    known: Quarantine,
    out: Path | None,
    *,
    as_json: bool,
) -> None:
    from reproduce.cli.output import echo_json
    from reproduce.verification.annotations import to_annotations
    from reproduce.verification.outputs import as_json as document
    from reproduce.verification.outputs import write_outputs
    from reproduce.verification.step_summary import to_summary

    today = datetime.now(UTC).date()
    excuses, expired = known.excuses(today), known.expired(today)
    if out is not None:
        write_outputs(out, found, decision, excuses, expired)
    if page := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(page).open("a", encoding="utf-8") as file:
            file.write(to_summary(found, decision, excuses, expired))
    if as_json:
        echo_json(document(found, decision))
        return
    typer.echo("\n".join(_lines(found, decision)))
    if os.environ.get("GITHUB_ACTIONS") == "true":
        for line in to_annotations(found, decision):
            typer.echo(line)
    for excuse in expired:
        typer.echo(f"Quarantine expired on {excuse.until}: {excuse.claim}: {excuse.reason}")
    if out is not None:
        typer.echo(f"Written: {out}")


def _lines(found: Verification, decision: Decision) -> Sequence[str]:
    from reproduce.cli.output import columns
    from reproduce.report.text import visible
    from reproduce.verification.comparison import shown

    rulings = {ruling.claim: ruling.judgement for ruling in decision.rulings}
    rows = [
        (s.claim, str(s.outcome), str(s.evidence), shown(s.estimate), rulings[s.claim])
        for s in found.night.standings
    ]
    lines = [columns(("claim", "verdict", "evidence", "estimate", "policy"), rows), ""]
    for title, changes in (
        ("Changed from what is accepted:", found.against_baseline),
        ("Changed from the night before:", found.against_last),
    ):
        if changes:
            lines += [title, *(f"  {visible(change.text)}" for change in changes), ""]
    night, same = found.night, sum(check.same for check in found.night.rechecks)
    lines.append(
        f"Cells: {found.run.trained} trained, {found.run.reused} reused, {night.renewed} renewed; "
        f"{same} of {len(night.rechecks)} run again came out the same; {night.left} left for later."
    )
    lines.append(f"Night {night.number}: {visible(decision.why)}.")
    if found.against_baseline or not found.accepted:
        lines.append("Next: reproduce accept --all --reason ..., if this is as it should be")
    return lines

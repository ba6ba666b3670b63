"""One verification: run what is due, judge everything, compare, and remember."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from reproduce.environments import environment_here, environments
from reproduce.history import append, nights
from reproduce.nouns.night import Baseline, Night, Standing, Tier
from reproduce.nouns.record import Record
from reproduce.nouns.run import Failure, Run
from reproduce.schedule import Event, Options, Summary, execute
from reproduce.session import NO_EXECUTOR, Prepared, conclude
from reproduce.verification.again import Again, run_again
from reproduce.verification.baseline import accepted_standings
from reproduce.verification.comparison import Change, compare
from reproduce.verification.selection import rotating_sample, stale

SHARE = 0.05
"""Share of the stored cells that is run again in one night."""


@dataclass(frozen=True)
class Verification:
    """What a verification found.

    Attributes:
        run: every claim judged, as stored.
        night: the same as the history keeps it.
        accepted: claim -> what the baseline says of it, in this setting.
        against_baseline: changes from what is accepted.
        against_last: changes from the night before; empty for the first.
        failures: stored cells that failed when they were run again.
    """

    run: Run
    night: Night
    accepted: dict[str, Standing]
    against_baseline: tuple[Change, ...]
    against_last: tuple[Change, ...]
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True)
class Watch:
    """Where events of a verification go; a phase is announced with the number of its cells."""

    event: Callable[[Event], None]
    phase: Callable[[str, int], None]


def verify(
    prepared: Prepared,
    *,
    tier: Tier,
    baseline: Baseline,
    watch: Watch,
    share: float = SHARE,
    renew: bool = True,
) -> Verification:
    """Run what is due within the budget of the request's options, judge, compare and remember.

    In the tier `push` only the cells of controls run; in `night` all that are missing, those of
    another environment (if they are to be renewed), and the rotating share of the others.

    Raises:
        KeyboardInterrupt: it was interrupted; what is finished is stored, and no night is noted.
        UserError: the store cannot be written, or no machine can hold a cell.
    """
    from datetime import UTC, datetime

    started, clock = datetime.now(UTC), time.monotonic()
    request, store = prepared.request, prepared.request.store
    options = request.options
    here = environment_here(on_gpu=options.gpus_per_cell > 0)
    before = nights(store, setting=request.setting.name, overrides=request.overrides)

    due = _due(prepared, tier)
    watch.phase("missing", len([id for id in due if id not in prepared.stored]))
    cells = [cell for id, cell in prepared.plan.cells.items() if id in due]
    kept: dict[str, Record] = {}
    summary = execute(
        cells, prepared.whereabouts, store, options=options, on_event=watch.event, kept=kept
    )
    _stop_if(summary.interrupted)

    found = environments(store, summary.reused)
    old = stale(summary.reused, found, here) if renew and tier == "night" else ()
    sample = rotating_sample(set(summary.reused) - set(old), before, share)
    watch.phase("again", len(sample) + len(old))
    again = run_again(
        prepared,
        sample=sample,
        stale=old,
        here=here,
        options=_rest(options, time.monotonic() - clock, summary.gpu_seconds),
        on_event=watch.event,
    )
    _stop_if(again.interrupted)

    computed = bool(summary.done or again.rechecks or again.renewed)
    executor = options.executor if computed else NO_EXECUTOR
    unchanged = {id: record for id, record in kept.items() if id not in again.renewed}
    run = conclude(prepared, _whole(prepared, summary), started, executor, unchanged)
    night = Night(
        id=run.id,
        number=before[-1].number + 1 if before else 1,
        started=run.started,
        setting=request.setting.name,
        overrides=request.overrides,
        tier=tier,
        commit=run.provenance.commit,
        environment=here,
        standings=_standings(prepared, run),
        rechecks=again.rechecks,
        renewed=len(again.renewed),
        left=len(run.not_run) + len(again.waiting),
        seconds=round(time.monotonic() - clock, 1),
    )
    append(store, night)
    accepted = accepted_standings(baseline, request.setting.name)
    last = {s.claim: s for s in before[-1].standings} if before else {}
    return Verification(
        run=run,
        night=night,
        accepted=accepted,
        against_baseline=compare(accepted, night.standings),
        against_last=compare(last, night.standings),
        failures=again.failures,
    )


def _due(prepared: Prepared, tier: Tier) -> frozenset[str]:
    """Ids of the cells that may run in this tier."""
    claims = zip(prepared.request.claims, prepared.plan.designs, strict=True)
    return frozenset(
        id
        for loaded, design in claims
        if tier == "night" or loaded.claim.role == "control"
        for id in prepared.plan.ids_of(design)
    )


def _stop_if(interrupted: bool) -> None:
    if interrupted:
        raise KeyboardInterrupt


def _rest(options: Options, seconds: float, gpu_seconds: float) -> Options:
    """The options with what is left of the budget."""
    wall, gpu = options.max_seconds, options.max_gpu_seconds
    return replace(
        options,
        max_seconds=None if wall is None else max(0.0, wall - seconds),
        max_gpu_seconds=None if gpu is None else max(0.0, gpu - gpu_seconds),
    )


def _whole(prepared: Prepared, summary: Summary) -> Summary:
    """The summary over all cells of the plan, those that were not due included."""
    store, touched = prepared.request.store, {*summary.done, *summary.reused, *summary.not_run}
    touched |= {failure.cell for failure in summary.failed}
    others = [id for id in prepared.plan.cells if id not in touched]
    there = {id for id in others if store.has(id)}
    return replace(
        summary,
        reused=(*summary.reused, *sorted(there)),
        not_run=(*summary.not_run, *(id for id in others if id not in there)),
    )


def _standings(prepared: Prepared, run: Run) -> tuple[Standing, ...]:
    store, plan = prepared.request.store, prepared.plan
    known = environments(store, [id for id in plan.cells if id not in run.not_run])
    designs = {design.claim: design for design in plan.designs}
    claims = {planned.claim.id: planned.claim for planned in run.claims}
    return tuple(
        Standing(
            claim=verdict.claim,
            title=claims[verdict.claim].title,
            role=claims[verdict.claim].role,
            outcome=verdict.outcome,
            evidence=verdict.evidence,
            reason=verdict.reason,
            criterion=verdict.criterion,
            environment=_joined(known, plan.ids_of(designs[verdict.claim])),
            estimate=verdict.estimates[0] if verdict.estimates else None,
            signature=verdict.signature,
            control=verdict.control,
        )
        for verdict in run.verdicts
    )


def _joined(known: dict[str, str], ids: Sequence[str]) -> str:
    return " | ".join(sorted({known[id] for id in ids if id in known}))


__all__ = ["SHARE", "Again", "Verification", "Watch", "verify"]

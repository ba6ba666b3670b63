"""A session: one `reproduce run`, from loaded claims to a stored run with its verdicts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from reproduce.amendments import amendments
from reproduce.book import BookClaim
from reproduce.corpora import overlaps
from reproduce.environments import environments
from reproduce.errors import UserError
from reproduce.experiments import needs_of, quickened
from reproduce.judge import judge_claims
from reproduce.nouns.cell import Cell, Whereabouts
from reproduce.nouns.record import Record
from reproduce.nouns.run import Failure, PlannedClaim, Run
from reproduce.nouns.scene import Scene, merged
from reproduce.nouns.setting import Setting
from reproduce.nouns.verdict import Settle, Verdict
from reproduce.plan import Plan, cell_seconds, plan
from reproduce.provenance import collect
from reproduce.schedule import Event, Options, Summary, execute
from reproduce.stopping import labelled, undeclared_looks
from reproduce.store import Store, records
from reproduce.store.index import Index
from reproduce.store.runs import fresh_id, save
from reproduce.survey import survey

QUICK = "not evidence"
"""Watermark of a run that was cut down for a first impression."""


NO_EXECUTOR = "none"
"""Executor of a run that only judged what was stored."""


@dataclass(frozen=True)
class Request:
    """What a person asked for, files already read and validated.

    Attributes:
        family_sizes: confirmatory claims per family in the book on disk.
        look: the look of each claim's seeds to reach, from 0.
        quick: cut the experiments down; the result carries a watermark.
        command: what to type to ask for it again.
        drafts: how many drafts lie among the claims; they do not run.
    """

    claims: tuple[BookClaim, ...]
    setting: Setting
    family_sizes: Mapping[str, int]
    store: Store
    options: Options = field(default_factory=Options)
    overrides: tuple[str, ...] = ()
    look: int = 0
    quick: bool = False
    command: str = "reproduce run"
    drafts: int = 0


@dataclass(frozen=True)
class Prepared:
    """The request with everything looked up: what a plan shows and a run executes."""

    request: Request
    scene: Scene
    whereabouts: Whereabouts
    plan: Plan
    stored: frozenset[str]

    @property
    def missing(self) -> dict[str, Cell]:
        """Cells that are not in the store, by id."""
        return {i: cell for i, cell in self.plan.cells.items() if i not in self.stored}


def prepare(request: Request) -> Prepared:
    """Survey the setting and plan the cells; nothing is trained.

    Raises:
        UserError: the claims do not fit the setting, or its model or data cannot be used.
    """
    needs = merged(needs_of(c.claim, request.setting) for c in request.claims)
    scene, whereabouts = survey(request.setting, needs)
    if request.quick:
        cut = tuple(replace(c, claim=quickened(c.claim, scene)) for c in request.claims)
        request = replace(request, claims=cut)
    planned = plan([c.claim for c in request.claims], scene, look=request.look)
    request.store.bring(planned.cells)
    stored = frozenset(i for i in planned.cells if request.store.has(i))
    return Prepared(request, scene, whereabouts, planned, stored)


def mean_cell_seconds(prepared: Prepared) -> float:
    """Measured mean of the plan's kind of cells, or the setting's own figure, or 0."""
    measured = Index(prepared.request.store).mean_seconds()
    cells = prepared.plan.cells.values()
    seconds = [cell_seconds(cell, prepared.scene, measured) for cell in cells]
    known = [each for each in seconds if each is not None]
    return sum(known) / len(known) if known else 0.0


def judge(
    prepared: Prepared, found: Mapping[str, Record], failures: Sequence[Failure] = ()
) -> tuple[Verdict, ...]:
    """Verdicts of the prepared claims from the records that there are."""
    request = prepared.request
    planned = [(c.claim, d) for c, d in zip(request.claims, prepared.plan.designs, strict=True)]
    verdicts = judge_claims(
        planned,
        found,
        failures,
        setting=request.setting,
        family_sizes=request.family_sizes,
        watermark=QUICK if request.quick else "",
        cell_seconds=mean_cell_seconds(prepared),
        environments=environments(request.store, found),
    )
    if request.quick:
        # The design that was cut down declares no looks of its own: the whole one would settle it.
        whole = Settle(
            text="This was a quick look. The whole design would give a verdict.",
            command=request.command.replace(" --quick", ""),
        )
        return tuple(v.model_copy(update={"settle": v.settle and whole}) for v in verdicts)
    amended = amendments(request.store, [c.claim for c in request.claims])
    undeclared = undeclared_looks(request.store, planned, request.setting)
    return tuple(
        labelled(v, undeclared.get(v.claim, "")).model_copy(update={"amendments": amended[v.claim]})
        for v in verdicts
    )


def load_records(store: Store, ids: Sequence[str]) -> dict[str, Record]:
    """The records of those ids that are in the store and whole."""
    return {i: record for i in ids if (record := records.load(store, i)) is not None}


def run(prepared: Prepared, on_event: Callable[[Event], None]) -> Run:
    """Train what is missing, judge every claim, store and return the run.

    Claims that no cell could decide at this level of evidence get their verdicts all the same.

    Raises:
        UserError: the setting lacks what every cell needs, or the store cannot be written.
    """
    request = prepared.request
    if not prepared.plan.cells:
        if reasons := "; ".join(dict.fromkeys(prepared.scene.unavailable.values())):
            raise UserError(f"there is nothing to run: {reasons}")
        return rejudge(prepared)
    started = datetime.now(UTC)
    kept: dict[str, Record] = {}
    summary = execute(
        tuple(prepared.plan.cells.values()),
        prepared.whereabouts,
        request.store,
        options=request.options,
        on_event=on_event,
        kept=kept,
    )
    return conclude(prepared, summary, started, request.options.executor, kept)


def rejudge(prepared: Prepared) -> Run:
    """Judge every claim again from what is stored, and store and return that as a run.

    Raises:
        UserError: the store cannot be written.
    """
    summary = Summary(
        done=(),
        reused=tuple(sorted(prepared.stored)),
        failed=(),
        not_run=tuple(prepared.missing),
    )
    return conclude(prepared, summary, datetime.now(UTC), NO_EXECUTOR)


def conclude(
    prepared: Prepared,
    summary: Summary,
    started: datetime,
    executor: str,
    kept: Mapping[str, Record] | None = None,
) -> Run:
    """Judge every claim from what is stored by now, and store and return that as a run.

    `kept` are records that were read before and have not changed since.
    """
    store, kept = prepared.request.store, kept or {}
    found = {**kept, **load_records(store, [id for id in prepared.plan.cells if id not in kept])}
    found = {id: found[id] for id in prepared.plan.cells if id in found}  # in the plan's order
    verdicts = judge(prepared, found, summary.failed)
    result = _manifest(prepared, summary, verdicts, started, executor)
    save(store, result)
    return result


def _manifest(
    prepared: Prepared,
    summary: Summary,
    verdicts: tuple[Verdict, ...],
    started: datetime,
    executor: str,
) -> Run:
    request = prepared.request
    finished = datetime.now(UTC)
    what = "\n".join([request.setting.name, *sorted(prepared.plan.cells)])
    model = prepared.scene.model
    return Run(
        id=fresh_id(request.store, started, hashlib.sha256(what.encode()).hexdigest()[:8]),
        started=started.isoformat(timespec="seconds"),
        finished=finished.isoformat(timespec="seconds"),
        command=request.command,
        setting=request.setting,
        overrides=request.overrides,
        claims=tuple(
            PlannedClaim(claim=c.claim, file=c.file, text=c.text, design=d)
            for c, d in zip(request.claims, prepared.plan.designs, strict=True)
        ),
        model=model.model_dump(),
        reused=len(summary.reused),
        trained=len(summary.done),
        failures=summary.failed,
        not_run=summary.not_run,
        verdicts=verdicts,
        provenance=collect(),
        executor=executor,
        seconds=(finished - started).total_seconds(),
        watermark=QUICK if request.quick else "",
        overlaps=overlaps(prepared.plan.cells.values(), prepared.whereabouts),
    )

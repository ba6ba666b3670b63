"""Forecast: what a prepared run would reuse, train, cost, and be able to conclude."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from reproduce.judge import Pilot, Prospects, pilots, prospects
from reproduce.nouns.cell import Cell
from reproduce.nouns.claim import Claim
from reproduce.nouns.design import Design
from reproduce.nouns.record import Record
from reproduce.nouns.setting import Setting
from reproduce.plan import CellKey, Missing, explain_missing, key_of, seconds_of, task_setting
from reproduce.session import Prepared, load_records
from reproduce.statistics.power import sd_interval
from reproduce.store import records
from reproduce.store.index import Index

_SEEDED = ("seed", "pretraining")


_RELATIVES = 3  # stored cells that are read for each missing one


@dataclass(frozen=True)
class Spread:
    """How much the units of a task differ, and how that is known.

    Attributes:
        task: empty where all tasks are judged together.
        sd: of what is judged, over units, in points.
        low: lower end of its 95 % interval; None where the setting states it.
        high: upper end.
        pilot: units in the store that it was measured on; 0 where the setting states it.
        mde: true effect beyond the margin that is found with 80 % power at this sd, if any is.
    """

    task: str
    sd: float
    low: float | None = None
    high: float | None = None
    pilot: int = 0
    mde: float | None = None

    @property
    def known_from(self) -> str:
        """`from a pilot of 8 units in the store`, or `stated by the setting`."""
        if self.pilot:
            return f"from a pilot of {self.pilot} units in the store"
        return "stated by the setting"


@dataclass(frozen=True)
class ClaimForecast:
    """One claim's cells and what its design can conclude.

    `spreads` is what the prospects rest on, one a task; empty where nothing is known of the units.
    """

    claim: Claim
    design: Design
    cells: int
    stored: int
    prospects: Prospects
    spreads: tuple[Spread, ...] = ()


@dataclass(frozen=True)
class ExperimentCost:
    """What one kind of experiment adds to a run.

    Attributes:
        kind: of the experiment.
        claims: how many claims are about it.
        cells: distinct cells that they need.
        shared: how many of these an experiment before this one needs too; counted there.
        stored: how many of the others are in the store.
        seconds: core-seconds of the others, stored or not; None if some were never timed.
        seconds_left: core-seconds of those that are missing; likewise.
    """

    kind: str
    claims: int
    cells: int
    shared: int
    stored: int
    seconds: float | None
    seconds_left: float | None


@dataclass(frozen=True)
class Forecast:
    """The whole run.

    Attributes:
        claims: one entry a claim.
        cells: distinct cells of all claims together.
        stored: how many of them are in the store.
        missing: why the others are not.
        core_seconds: cost of the missing cells; None if a task was never timed here.
        by_experiment: the same by kind of experiment; each cell is counted once.
    """

    claims: tuple[ClaimForecast, ...]
    cells: int
    stored: int
    missing: tuple[Missing, ...]
    core_seconds: float | None
    by_experiment: tuple[ExperimentCost, ...] = ()


def forecast(prepared: Prepared) -> Forecast:
    """What would happen; nothing is trained and nothing is written."""
    plan, request = prepared.plan, prepared.request
    index = Index(request.store)
    older = _relatives(prepared, index) if prepared.missing else {}
    found = load_records(request.store, tuple(prepared.stored))
    claims = []
    for loaded, design in zip(request.claims, plan.designs, strict=True):
        ids = plan.ids_of(design)
        outlook = _outlook(loaded.claim, design, prepared, found)
        claims.append(
            ClaimForecast(
                claim=loaded.claim,
                design=design,
                cells=len(ids),
                stored=len(prepared.stored.intersection(ids)),
                prospects=outlook.prospects,
                spreads=outlook.spreads,
            )
        )
    return Forecast(
        claims=tuple(claims),
        cells=len(plan.cells),
        stored=len(prepared.stored),
        missing=explain_missing(plan, prepared.stored, older),
        core_seconds=seconds_of(prepared.missing.values(), prepared.scene, index.mean_seconds()),
        by_experiment=_by_experiment(prepared, index),
    )


def _by_experiment(prepared: Prepared, index: Index) -> tuple[ExperimentCost, ...]:
    """Kinds in the order of their first claim; a cell counts for the first that needs it."""
    plan, measured = prepared.plan, index.mean_seconds()
    needed: dict[str, list[tuple[str, ...]]] = {}
    for loaded, design in zip(prepared.request.claims, plan.designs, strict=True):
        needed.setdefault(loaded.claim.experiment.kind, []).append(plan.ids_of(design))
    costs = []
    seen: set[str] = set()
    for kind, of_claims in needed.items():
        cells = {i for ids in of_claims for i in ids}
        own = sorted(cells - seen)
        seen |= cells
        left = [i for i in own if i not in prepared.stored]
        costs.append(
            ExperimentCost(
                kind=kind,
                claims=len(of_claims),
                cells=len(cells),
                shared=len(cells) - len(own),
                stored=len(own) - len(left),
                seconds=seconds_of((plan.cells[i] for i in own), prepared.scene, measured),
                seconds_left=seconds_of((plan.cells[i] for i in left), prepared.scene, measured),
            )
        )
    return tuple(costs)


def _relatives(prepared: Prepared, index: Index) -> dict[CellKey, list[Cell]]:
    """Stored cells that serve the same purpose as missing ones, but are not the same.

    The newest of each purpose are enough to say what differs, however large the store is.
    """
    wanted = {key_of(cell) for cell in prepared.missing.values()}
    found: dict[CellKey, list[Cell]] = {}
    for row in sorted(index.rows(), key=lambda row: row.created or "", reverse=True):
        key = CellKey(row.kind, row.task, row.fusion, row.layer, row.seed)
        if len(found.get(key, ())) >= _RELATIVES:
            continue
        if key in wanted and row.id not in prepared.plan.cells:
            record = records.glance(prepared.request.store, row.id)
            if record is not None:
                found.setdefault(key, []).append(record.content.cell)
    return found


class _Outlook(NamedTuple):
    prospects: Prospects
    spreads: tuple[Spread, ...]


def _outlook(
    claim: Claim, design: Design, prepared: Prepared, found: Mapping[str, Record]
) -> _Outlook:
    """What the design can conclude, from a pilot in the store or else from the setting's figure."""
    if not design.trials and type(claim.expect).needs_records:
        evidence = prepared.scene.setting.evidence
        low = f"it needs {claim.min_evidence} evidence and the setting gives {evidence}"
        missing = "; ".join(dict.fromkeys(design.unavailable.values())) or low
        return _Outlook(Prospects(False, False, None, None, f"Nothing to run: {missing}."), ())
    known = pilots(claim, design, found)
    units = _units(claim, design, known)
    if known:
        each = [_spread_of(pilot, units) for pilot in known]
    elif not type(claim.expect).needs_records or claim.expect.kind == "contract":
        each = []  # nothing is tested that could vary
    elif claim.unit in _SEEDED:
        each = _stated(design, prepared.scene.setting)
    else:
        return _Outlook(_unknown(claim), ())
    size = _Sizes(claim, design, prepared, units, own=bool(known))
    spreads = tuple(replace(s, mde=size.prospects(s.sd).mde) for s in each)
    # The task whose units differ most is the hardest to decide.
    return _Outlook(size.prospects(max((s.sd for s in each), default=1.0)), spreads)


def _stated(design: Design, setting: Setting) -> list[Spread]:
    """What the setting states: one figure, or one a task where some task has its own."""
    tasks = {trial.arm.task: task_setting(trial.cell, setting) for trial in design.trials}
    own = {name: task.seed_sd for name, task in tasks.items() if task and task.seed_sd}
    if not own:
        return [Spread("", setting.seed_sd)]
    return [Spread(name, own.get(name, setting.seed_sd)) for name in tasks]


def _spread_of(pilot: Pilot, units: int) -> Spread:
    sd = pilot.sd(units)
    low, high = sd_interval(sd, pilot.units)
    return Spread(task=pilot.task, sd=sd, low=low, high=high, pilot=pilot.units)


def _units(claim: Claim, design: Design, known: Sequence[Pilot]) -> int:
    """How many units the design has: seeds by its look, others as the data have them."""
    if claim.unit in _SEEDED:
        return design.looks[design.look]
    if known:
        return min(pilot.units for pilot in known)
    return len(design.targets)


def _unknown(claim: Claim) -> Prospects:
    text = (
        f"What it can conclude is not known before a first run: the setting says how much seeds "
        f"differ, not how much {claim.unit}s do. Their number is fixed by the data."
    )
    return Prospects(True, True, None, None, text)


@dataclass(frozen=True)
class _Sizes:
    """The size of a claim's design, but for the standard deviation."""

    claim: Claim
    design: Design
    prepared: Prepared
    units: int
    own: bool

    def prospects(self, sd: float) -> Prospects:
        """What it can conclude at that standard deviation."""
        claim, design = self.claim, self.design
        arms = {t.arm for t in design.trials if t.arm.role == "treatment"}
        tasks = {arm.task for arm in arms}
        family = self.prepared.request.family_sizes.get(claim.family, 1)
        members = max(family, 1) if claim.role == "confirmatory" else 1
        return prospects(
            claim,
            tasks=len(tasks),
            layers=max((sum(a.task == task for a in arms) for task in tasks), default=0),
            n=self.units,
            sd=sd,
            alpha_adjusted=claim.alpha / len(design.looks) / members,
            own=self.own,
        )

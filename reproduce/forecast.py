"""Forecast: what a prepared run would reuse, train, cost, and be able to conclude."""

from __future__ import annotations

from dataclasses import dataclass

from reproduce.judge import Prospects, prospects
from reproduce.nouns.cell import Cell
from reproduce.nouns.claim import Claim
from reproduce.nouns.design import Design
from reproduce.plan import CellKey, Missing, explain_missing, key_of, seconds_of
from reproduce.session import Prepared
from reproduce.store import records
from reproduce.store.index import Index


@dataclass(frozen=True)
class ClaimForecast:
    """One claim's cells and what its design can conclude."""

    claim: Claim
    design: Design
    cells: int
    stored: int
    prospects: Prospects


@dataclass(frozen=True)
class Forecast:
    """The whole run.

    Attributes:
        claims: one entry a claim.
        cells: distinct cells of all claims together.
        stored: how many of them are in the store.
        missing: why the others are not.
        core_seconds: cost of the missing cells; None if a task was never timed here.
    """

    claims: tuple[ClaimForecast, ...]
    cells: int
    stored: int
    missing: tuple[Missing, ...]
    core_seconds: float | None


def forecast(prepared: Prepared) -> Forecast:
    """What would happen; nothing is trained and nothing is written."""
    plan, request = prepared.plan, prepared.request
    index = Index(request.store)
    older = _relatives(prepared, index) if prepared.missing else {}
    claims = []
    for loaded, design in zip(request.claims, plan.designs, strict=True):
        ids = plan.ids_of(design)
        claims.append(
            ClaimForecast(
                claim=loaded.claim,
                design=design,
                cells=len(ids),
                stored=len(prepared.stored.intersection(ids)),
                prospects=_prospects(loaded.claim, design, prepared),
            )
        )
    return Forecast(
        claims=tuple(claims),
        cells=len(plan.cells),
        stored=len(prepared.stored),
        missing=explain_missing(plan, prepared.stored, older),
        core_seconds=seconds_of(prepared.missing.values(), prepared.scene, index.mean_seconds()),
    )


def _relatives(prepared: Prepared, index: Index) -> dict[CellKey, list[Cell]]:
    """Stored cells that serve the same purpose as missing ones, but are not the same."""
    wanted = {key_of(cell) for cell in prepared.missing.values()}
    found: dict[CellKey, list[Cell]] = {}
    for row in index.rows():
        key = CellKey(row.kind, row.task, row.fusion, row.layer, row.seed)
        if key in wanted and row.id not in prepared.plan.cells:
            record = records.load(prepared.request.store, row.id)
            if record is not None:
                found.setdefault(key, []).append(record.content.cell)
    return found


def _prospects(claim: Claim, design: Design, prepared: Prepared) -> Prospects:
    evidence = prepared.scene.setting.evidence
    if claim.min_evidence > evidence:
        text = (
            f"It needs {claim.min_evidence} evidence; the setting's is {evidence}: nothing is run."
        )
        return Prospects(False, False, None, None, text)
    arms = {t.arm for t in design.trials if t.arm.role == "treatment"}
    tasks = {arm.task for arm in arms}
    family = prepared.request.family_sizes.get(claim.family, 1)
    members = max(family, 1) if claim.role == "confirmatory" else 1
    return prospects(
        claim,
        tasks=len(tasks),
        layers=max((sum(a.task == task for a in arms) for task in tasks), default=0),
        n=design.looks[design.look],
        sd=prepared.scene.setting.seed_sd,
        alpha_adjusted=claim.alpha / len(design.looks) / members,
    )

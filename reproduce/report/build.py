"""Turns a run and its records into the view of a report."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence

from reproduce.book import Book
from reproduce.nouns.design import Design, Trial
from reproduce.nouns.evidence import Evidence, Outcome
from reproduce.nouns.night import Night
from reproduce.nouns.record import Check, Record
from reproduce.nouns.run import PlannedClaim, Run
from reproduce.nouns.setting import Setting
from reproduce.nouns.verdict import Probability, Verdict
from reproduce.report import words
from reproduce.report.audited import audit_view
from reproduce.report.codeswitch import code_switching_view
from reproduce.report.codeswitch_answer import answer_of
from reproduce.report.facts import (
    amendment_facts,
    claim_provenance,
    environment_facts,
    judging_facts,
    source_facts,
)
from reproduce.report.gates import gate_views
from reproduce.report.index import index_views
from reproduce.report.matrices import matrices
from reproduce.report.probes import LAYER, probe_curves
from reproduce.report.references import reference, references
from reproduce.report.tables import ScoreTable, task_views, variant_rows
from reproduce.report.text import duration, plural
from reproduce.report.timeline import timeline_rows
from reproduce.report.view import (
    Badge,
    ClaimView,
    Count,
    Frequencies,
    ReportView,
    Shown,
    TaskView,
    Truths,
)

_CONTRACTS = (Outcome.CONFORMS, Outcome.DOES_NOT_CONFORM)


def build_view(
    run: Run,
    records: Mapping[str, Record],
    nights: Sequence[Night] = (),
    *,
    book: Book | None = None,
) -> ReportView:
    """The view of a run.

    Args:
        run: what is reported.
        records: those that are there, by cell id.
        nights: the history of the run's setting, oldest first.
        book: the one that its claims lie in; without it papers are named by their ids, and there is
            no audit.
    """
    table = ScoreTable(records)
    verdicts = {verdict.claim: verdict for verdict in run.verdicts}
    claims = _each_task_once(
        _claim_view(
            number, planned, verdicts.get(planned.claim.id), run=run, table=table, book=book
        )
        for number, planned in enumerate(run.claims, 1)
    )
    counts = _counts(c for c in claims if c.claim.role != "control")
    code_switching = code_switching_view(run, records)
    return ReportView(
        run=run.id,
        title=_title(run),
        started=run.started,
        finished=run.finished,
        seconds=run.seconds,
        command=run.command,
        watermark=_watermark(run),
        level=words.level(run.setting.evidence),
        levels=tuple(words.level(evidence).word for evidence in Evidence),
        main_scale=_main_scale(claims),
        setting=run.setting.name,
        setting_title=run.setting.title,
        counts=tuple(c for c in counts if c.outcome not in _CONTRACTS),
        contracts=tuple(c for c in counts if c.outcome in _CONTRACTS),
        controls=_control_counts(c for c in claims if c.claim.role == "control"),
        index=index_views(claims, book, answer_of(code_switching)),
        claims=claims,
        audit=audit_view(book) if book is not None and len(claims) > 1 else None,
        code_switching=code_switching,
        references=references(book),
        timeline=timeline_rows(nights, run),
        nights=len(nights),
        deviations=run.setting.deviations,
        assumptions=run.setting.assumptions,
        by_construction=run.setting.by_construction,
        environment=environment_facts(run),
        provenance=run.provenance,
        overrides=run.overrides,
        failures=run.failures,
        not_run=len(run.not_run),
        reused=run.reused,
        trained=run.trained,
    )


def _title(run: Run) -> str:
    if len(run.claims) == 1:
        return run.claims[0].claim.title
    return f"{plural(len(run.claims), 'claim')} in setting {run.setting.name}"


def _watermark(run: Run) -> str:
    marks = (run.watermark, *(verdict.watermark for verdict in run.verdicts))
    return next((mark for mark in marks if mark), "")


def _counts(claims: Iterable[ClaimView]) -> list[Count]:
    tally: dict[Outcome, int] = {}
    for claim in claims:
        tally[claim.outcome] = tally.get(claim.outcome, 0) + 1
    return [
        Count(outcome=outcome, badge=words.badge(outcome), count=tally[outcome])
        for outcome in Outcome
        if outcome in tally
    ]


def _control_counts(claims: Iterable[ClaimView]) -> tuple[Count, ...]:
    tally: dict[Badge, Count] = {}
    for claim in claims:
        badge = words.control_badge(claim.verdict.control if claim.verdict else "", claim.outcome)
        before = tally[badge].count if badge in tally else 0
        tally[badge] = Count(outcome=claim.outcome, badge=badge, count=before + 1)
    return tuple(tally.values())


def _claim_view(
    number: int,
    planned: PlannedClaim,
    verdict: Verdict | None,
    *,
    run: Run,
    table: ScoreTable,
    book: Book | None,
) -> ClaimView:
    claim, design = planned.claim, planned.design
    outcome = verdict.outcome if verdict else Outcome.NOT_RUN
    evidence = verdict.evidence if verdict else run.setting.evidence
    reason = verdict.reason if verdict else _why_not_judged(run)
    saying = words.saying(outcome, evidence, watermark=_watermark(run))
    cells = {table.cell_id(trial): trial for trial in design.trials}
    checkpoint = str(getattr(claim.experiment, "checkpoint", "last"))
    checks = _checks(design, table)
    # The share of checks that hold is no score.
    tasks = () if checks else task_views(design, table, setting=run.setting, checkpoint=checkpoint)
    layers = _layers(verdict)
    return ClaimView(
        number=number,
        anchor=f"claim-{claim.id}",
        claim=claim,
        file=planned.file,
        verdict=verdict,
        outcome=outcome,
        badge=words.badge(outcome),
        reproduced=words.reproduced(outcome, evidence, watermark=_watermark(run))
        if claim.role != "control"
        else words.NO_ANSWER,
        saying="" if reason.startswith(saying) else saying,
        reason=reason,
        effect=verdict.estimates[0] if verdict and verdict.estimates else None,
        undecided=outcome is Outcome.INCONCLUSIVE,
        why_undecided=_sentence(verdict.why_undecided) if verdict else "",
        settle_text=_settle(verdict),
        probabilities=_probabilities(verdict),
        amendments=amendment_facts(verdict),
        paper=reference(claim.paper, book),
        source=source_facts(claim, book),
        judged=judging_facts(claim, verdict, design.looks, design.look),
        selection=verdict.selection if verdict else (),
        sensitivity=_sensitivity(verdict),
        layers=layers,
        frequencies=_frequencies(verdict, layers),
        variants=variant_rows(tasks),
        checks=checks,
        probes=probe_curves(design, table),
        matrices=matrices(design, table, setting=run.setting, checkpoint=checkpoint),
        gates=gate_views(design, table) if _is_about_gates(planned) else (),
        tasks=tasks,
        curves=() if _measures_layers(design) else _fused(tasks),
        elsewhere=(),
        by_construction=_truths(claim.experiment.model_dump(mode="json"), run.setting),
        unavailable=design.unavailable,
        failures=tuple(f for f in run.failures if f.cell in cells),
        missing=_missing(cells, table),
        planned=len(cells),
        command=rerun_command(run.command, planned.file),
        provenance=claim_provenance(planned, run),
        records=verdict.records if verdict else (),
    )


def _each_task_once(claims: Iterable[ClaimView]) -> tuple[ClaimView, ...]:
    """Scores that several claims share stand under the first of them; the others link there."""
    first: dict[TaskView, ClaimView] = {}
    views = []
    for claim in claims:
        own = tuple(task for task in claim.tasks if first.setdefault(task, claim) is claim)
        shown = tuple(
            Shown(task=task.task, anchor=first[task].anchor, claim=first[task].claim.id)
            for task in claim.tasks
            if task not in own
        )
        curves = tuple(task for task in claim.curves if task in own)
        views.append(claim.model_copy(update={"tasks": own, "curves": curves, "elsewhere": shown}))
    return tuple(views)


def _fused(tasks: Iterable[TaskView]) -> tuple[TaskView, ...]:
    return tuple(t for t in tasks if any(arm.layer is not None for arm in t.arms))


def _measures_layers(design: Design) -> bool:
    return any(trial.arm.fusion.kind == LAYER for trial in design.trials)


def _is_about_gates(planned: PlannedClaim) -> bool:
    # Every cell with a gate records it; thirty claims share those cells.
    return planned.claim.experiment.kind == "gate_dynamics"


def _checks(design: Design, table: ScoreTable) -> tuple[Check, ...]:
    found = (table.find(trial) for trial in design.trials)
    return tuple(check for one in found if one is not None for check in one.record.content.checks)


def _truths(experiment: object, setting: Setting) -> tuple[Truths, ...]:
    """Of the variants of the setting that an experiment names."""
    return tuple(
        Truths(name=name, title=variant.title, items=variant.by_construction)
        for name, variant in setting.variants.items()
        if name in _strings(experiment)
    )


def _strings(value: object) -> set[str]:
    if isinstance(value, dict):
        return {text for inner in value.values() for text in _strings(inner)}
    if isinstance(value, list):
        return {text for inner in value for text in _strings(inner)}
    return {value} if isinstance(value, str) else set()


def _main_scale(claims: Iterable[ClaimView]) -> str:
    scales = [claim.effect.scale for claim in claims if claim.effect]
    return max(scales, key=scales.count, default="")


def _sentence(text: str) -> str:
    text = text.strip()
    return (
        text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")
        if text
        else ""
    )


def _settle(verdict: Verdict | None) -> str:
    settle = verdict.settle if verdict else None
    if settle is None:
        return ""
    if not settle.seconds:
        return _sentence(settle.text)
    what = "The command below" if settle.command else "That"
    return f"{_sentence(settle.text)} {what} takes about {duration(settle.seconds)}."


def _probabilities(verdict: Verdict | None) -> tuple[tuple[str, Probability], ...]:
    named = (
        ("Supports the claim", verdict and verdict.support),
        ("Refutes the claim", verdict and verdict.refute),
    )
    return tuple((name, p) for name, p in named if p)


def _missing(cells: Mapping[str, Trial], table: ScoreTable) -> int:
    return sum(table.find(trial) is None for trial in cells.values())


def _why_not_judged(run: Run) -> str:
    if run.not_run:
        return "Not judged: the run ended before its cells were done."
    return "Not judged in this run."


def _sensitivity(verdict: Verdict | None) -> tuple[tuple[str, Badge, str, str], ...]:
    items = verdict.sensitivity if verdict else ()
    return tuple((i.name, words.badge(i.outcome), i.change, i.text) for i in items)


def _layers(verdict: Verdict | None) -> tuple[str, ...]:
    named = {
        layer for shares in (verdict.frequencies if verdict else {}).values() for layer in shares
    }
    return tuple(sorted(named, key=lambda n: (not n.isdigit(), int(n) if n.isdigit() else 0, n)))


def _frequencies(verdict: Verdict | None, layers: Sequence[str]) -> tuple[Frequencies, ...]:
    found = verdict.frequencies if verdict else {}
    return tuple(
        Frequencies(task=task, shares=tuple(shares.get(layer) for layer in layers))
        for task, shares in found.items()
    )


def rerun_command(command: str, file: str) -> str:
    """The command of a run, narrowed to one claim's file."""
    try:
        tokens = shlex.split(command)
    except ValueError:
        return command
    if tokens[:2] != ["reproduce", "run"]:
        return command
    rest = tokens[2:]
    while rest and not rest[0].startswith("-"):
        rest.pop(0)
    return shlex.join(["reproduce", "run", file, *rest])

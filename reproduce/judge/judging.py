"""Judging: claims with their designs and records to verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module

from reproduce import __version__
from reproduce.judge import words
from reproduce.judge.chance import nothing_learned
from reproduce.judge.control import control_state
from reproduce.judge.families import Adjusted, Member, adjust
from reproduce.judge.finding import NOTHING_LEARNED, Finding, Undecided, Unjudgeable, blocked
from reproduce.judge.numbers import MINUS
from reproduce.judge.observations import Observations, observe
from reproduce.judge.saturation import saturation_notes
from reproduce.judge.sensitivity import sensitivity
from reproduce.judge.variance import decompose
from reproduce.nouns.claim import Claim, criterion_digest
from reproduce.nouns.design import Design, arm_id
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.record import Record
from reproduce.nouns.run import Failure
from reproduce.nouns.setting import Setting
from reproduce.nouns.verdict import Probability, Settle, Verdict

_CONTRACT = "contract"


def judge_claims(
    planned: Sequence[tuple[Claim, Design]],
    records: Mapping[str, Record | None],
    failures: Sequence[Failure] = (),
    *,
    setting: Setting,
    family_sizes: Mapping[str, int],
    watermark: str = "",
    cell_seconds: float = 0.0,
    environments: Mapping[str, str] | None = None,
) -> tuple[Verdict, ...]:
    """Judge claims from the records of their cells, one verdict a claim, in order.

    Args:
        planned: claims with the designs that were run.
        records: cell id -> record; None or absent where there is none.
        failures: cells that failed after their retries.
        setting: what the claims were run in; its evidence level decides the words.
        family_sizes: confirmatory claims per family in the book on disk.
        watermark: set on every verdict, e.g. "not evidence".
        cell_seconds: mean cost of a cell, for what more seeds would take; 0 if unknown.
        environments: cell id -> what must be the same in arms that are paired, where known.
    """
    failed = {failure.cell: failure.error for failure in failures}
    observed = [_observe(c, d, records, failed, environments) for c, d in planned]
    return judge_observed(
        planned,
        observed,
        setting=setting,
        family_sizes=family_sizes,
        watermark=watermark,
        cell_seconds=cell_seconds,
    )


def judge_observed(
    planned: Sequence[tuple[Claim, Design]],
    observed: Sequence[Observations | Finding],
    *,
    setting: Setting,
    family_sizes: Mapping[str, int],
    watermark: str = "",
    cell_seconds: float = 0.0,
) -> tuple[Verdict, ...]:
    """Judge claims from what was observed of each; see `judge_claims`."""
    decisions = decide(planned, observed, setting=setting, family_sizes=family_sizes)
    return tuple(
        _verdict(decision, setting=setting, watermark=watermark, cell_seconds=cell_seconds)
        for decision in decisions
    )


@dataclass(frozen=True)
class Decision:
    """One claim decided: everything that its verdict says, but the words."""

    claim: Claim
    design: Design
    observed: Observations | Finding
    finding: Finding
    probabilities: Adjusted
    outcome: Outcome


def decide(
    planned: Sequence[tuple[Claim, Design]],
    observed: Sequence[Observations | Finding],
    *,
    setting: Setting,
    family_sizes: Mapping[str, int],
) -> tuple[Decision, ...]:
    """Test every claim, adjust within families, and decide."""
    findings = []
    for (claim, _), seen in zip(planned, observed, strict=True):
        finding = _find(claim, seen) if isinstance(seen, Observations) else seen
        findings.append(_at_this_level(claim, finding, setting))
    pairs = list(zip(planned, findings, strict=True))
    adjusted = adjust([_member(c, d, finding) for (c, d), finding in pairs], family_sizes)
    return tuple(
        Decision(claim, design, seen, finding, p, _outcome(claim, finding, p))
        for ((claim, design), finding), p, seen in zip(pairs, adjusted, observed, strict=True)
    )


def _observe(
    claim: Claim,
    design: Design,
    records: Mapping[str, Record | None],
    failed: Mapping[str, str],
    environments: Mapping[str, str] | None,
) -> Observations | Finding:
    if not type(claim.expect).needs_records:
        return _judge_with(claim, None)
    if not design.trials and design.unavailable:
        missing = "; ".join(f"{t}: {why}" for t, why in design.unavailable.items())
        return blocked(Outcome.NOT_APPLICABLE, f"the setting has none of its tasks ({missing})")
    checkpoint = getattr(claim.experiment, "checkpoint", "last")
    try:
        return observe(design, records, failed, checkpoint=checkpoint, environments=environments)
    except Unjudgeable as error:
        return blocked(error.outcome, error.reason)


def _find(claim: Claim, observations: Observations) -> Finding:
    finding = _judge_with(claim, observations)
    notes = (*finding.notes, *observations.notes)
    if observations.failed:
        notes = (*notes, f"failed cells: {', '.join(observations.failed)}")
    finding = replace(finding, notes=notes)
    if observations.not_run:
        # Judging what happens to be finished would be a look that nobody declared.
        reason = f"{observations.not_run} of its {observations.planned} cells have not run"
        return _block(finding, Outcome.NOT_RUN, reason)
    return finding


def _with_context(claim: Claim, observations: Observations, finding: Finding) -> Finding:
    """Add what the verdict would be otherwise, and where its uncertainty comes from."""
    notes = (*finding.notes, *saturation_notes(observations, finding.quantities))
    if finding.blocked is not None:
        return replace(finding, notes=notes)
    judge = import_module(type(claim.expect).__module__).judge
    main = finding.quantities[:1]
    unlearned = nothing_learned(observations, finding.quantities)
    nothing = bool(unlearned) and all(unlearned)
    return replace(
        finding,
        undecided=(lambda alpha: NOTHING_LEARNED) if nothing else finding.undecided,
        notes=notes,
        caveats=tuple(dict.fromkeys(filter(None, unlearned))),
        sensitivity=sensitivity(claim, observations, finding, judge),
        variance=decompose(claim, observations, main[0]) if main else (),
    )


def _judge_with(claim: Claim, observations: Observations | None) -> Finding:
    """Call the `judge` beside the claim's expectation."""
    module = import_module(type(claim.expect).__module__)
    try:
        finding = module.judge(claim, observations)
    except Unjudgeable as error:
        return blocked(error.outcome, error.reason)
    assert isinstance(finding, Finding)
    return finding


def _at_this_level(claim: Claim, finding: Finding, setting: Setting) -> Finding:
    if claim.min_evidence <= setting.evidence:
        return finding
    reason = (
        f"it needs {claim.min_evidence} evidence and the setting {setting.name!r} "
        f"gives {setting.evidence}"
    )
    return _block(finding, Outcome.NOT_APPLICABLE, reason)


def _block(finding: Finding, outcome: Outcome, reason: str) -> Finding:
    says = replace(finding.says, undecided=reason)
    return replace(finding, blocked=outcome, says=says)


def _member(claim: Claim, design: Design, finding: Finding) -> Member:
    contract = claim.expect.kind == _CONTRACT
    return Member(
        family=claim.family,
        role=claim.role,
        contract=contract,
        p_support=1.0 if finding.blocked else finding.p_support,
        p_refute=1.0 if finding.blocked else finding.p_refute,
        looks=1 if contract else len(design.looks),
    )


def _outcome(claim: Claim, finding: Finding, p: Adjusted) -> Outcome:
    if finding.blocked is not None:
        return finding.blocked
    # Strictly: an interval that touches the margin decides nothing.
    if p.support.adjusted < claim.alpha:
        return Outcome.SUPPORTED
    if p.refute.adjusted < claim.alpha:
        return Outcome.REFUTED
    return Outcome.INCONCLUSIVE


def _verdict(
    decision: Decision, *, setting: Setting, watermark: str, cell_seconds: float
) -> Verdict:
    claim, design, outcome = decision.claim, decision.design, decision.outcome
    finding, p = decision.finding, decision.probabilities
    records: tuple[str, ...] = ()
    if isinstance(decision.observed, Observations):
        finding = _with_context(claim, decision.observed, finding)
        records = decision.observed.records
    undecided = Undecided("")
    settle = None
    if outcome is Outcome.INCONCLUSIVE:
        undecided = finding.undecided(_alpha_left(claim, design, p.support))
        settle = _settle(claim, design, undecided, cell_seconds)
    testable = finding.blocked is None
    control = control_state(claim, outcome)
    reason = f"{words.phrase(outcome, setting.evidence)}: {finding.says.of(outcome)}."
    if outcome is Outcome.INCONCLUSIVE:
        reason += _alone(claim, design, p)
    reason = " ".join([reason, *finding.caveats])
    return Verdict(
        claim=claim.id,
        criterion=criterion_digest(claim),
        outcome=outcome,
        evidence=setting.evidence,
        reason=f"{reason} {control.text}".rstrip(),
        why_undecided=undecided.why,
        settle=settle,
        estimates=finding.estimates,
        support=p.support if testable else None,
        refute=p.refute if testable else None,
        alpha=claim.alpha,
        units=finding.units,
        unit=claim.unit,
        inference=claim.inference,
        sensitivity=finding.sensitivity,
        variance=finding.variance,
        selection=finding.selection,
        frequencies=finding.frequencies(),
        notes=finding.notes,
        signature=signature(claim, design, finding, p.support),
        records=records,
        watermark=watermark,
        control=control.state,
    )


def signature(claim: Claim, design: Design, finding: Finding, p: Probability) -> str:
    """One line that identifies how a verdict was reached, in a fixed order."""
    family = f" {p.family_size}" if p.method != "none" else ""
    parts = [
        f"claim {criterion_digest(claim)[:12]}",
        finding.expectation or claim.expect.kind,
        finding.test or "no test",
        f"{claim.unit} {finding.units}",
        f"sentences {finding.sentences}",
        f"alpha {claim.alpha:g}, {p.method}{family}",
        f"look {design.look + 1} of {len(design.looks)}",
        f"reproduce {__version__}",
    ]
    return " | ".join(parts).replace(MINUS, "-")  # a line for machines too


def _alone(claim: Claim, design: Design, p: Adjusted) -> str:
    """Why an interval that looks decisive is not: the claim shares its error with a family."""
    for probability, word in ((p.support, "supported"), (p.refute, "refuted")):
        if probability.raw * len(design.looks) < claim.alpha <= probability.adjusted:
            return (
                f" Alone it would be {word}; among the {probability.family_size} claims of its "
                f"family it is not (adjusted p {probability.adjusted:.3f})."
            )
    return ""


def _alpha_left(claim: Claim, design: Design, p: Probability) -> float:
    """Level left for this claim's own p after its looks and Holm's first step."""
    size = p.family_size if p.method == "holm" else 1
    return claim.alpha / len(design.looks) / size


def _settle(
    claim: Claim, design: Design, undecided: Undecided, cell_seconds: float
) -> Settle | None:
    if undecided.advice or not undecided.why:
        return Settle(text=undecided.advice) if undecided.advice else None
    looks_left = design.looks[design.look + 1 :]
    planned = design.looks[design.look]
    extra = None if undecided.units is None else max(1, undecided.units - planned)
    arms = len({arm_id(t.arm) for t in design.trials})
    if looks_left:
        steps = looks_left[0] - planned
        text = f"The next declared look is at {looks_left[0]} {claim.unit}s, {steps} more."
        if extra is not None:
            reach = "would do" if extra <= steps else "would be needed"
            text += f" About {extra} more {reach} with 80% power{_condition(undecided)}."
        return Settle(
            text=text,
            extra_seeds=extra if extra is not None else steps,
            seconds=_seconds(arms, steps, cell_seconds),
            command=f"reproduce extend {claim.id}",
        )
    if extra is None:
        text = "No feasible number of further units would decide it"
        text += f"{_condition(undecided)}."
        return Settle(text=text)
    text = (
        f"About {extra} more {claim.unit}s would decide it with 80% power{_condition(undecided)}. "
        "The claim declares no further look, so they would be optional stopping."
    )
    return Settle(text=text, extra_seeds=extra, seconds=_seconds(arms, extra, cell_seconds))


def _condition(undecided: Undecided) -> str:
    return f" {undecided.text}" if undecided.text else ""


def _seconds(arms: int, seeds: int, cell_seconds: float) -> float | None:
    return arms * seeds * cell_seconds if cell_seconds > 0 else None

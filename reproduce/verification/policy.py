"""The policy: which verdicts fail the job, and the status that the program ends with."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, NamedTuple

from reproduce.nouns.evidence import Outcome
from reproduce.nouns.night import Standing
from reproduce.verification.verify import Verification

Policy = Literal["accepted", "strict", "report"]
"""`accepted`: whatever is not as the baseline has it, or good without it. `strict`: also accepted
refutations and indecision, and every change. `report`: nothing but errors."""

Judgement = Literal["ok", "excused", "refuted", "incomplete", "failed"]

REFUTED = {Outcome.REFUTED, Outcome.DOES_NOT_CONFORM}
UNDECIDED = {Outcome.INCONCLUSIVE, Outcome.NOT_RUN}
NOT_EVALUATED = {Outcome.NOT_RUN, Outcome.NOT_APPLICABLE, Outcome.NOT_TESTABLE}


class Ruling(NamedTuple):
    """What the policy makes of one claim, and why."""

    claim: str
    judgement: Judgement
    why: str


class Decision(NamedTuple):
    """What the policy makes of the whole.

    `status` is that of `reproduce.cli.exit_status`: 0, 1, 3, 4 or 5.
    """

    status: int
    why: str
    rulings: tuple[Ruling, ...]


def decide(found: Verification, policy: Policy, excused: Collection[str] = ()) -> Decision:
    """The status of a verification.

    Failures, and a night in which nothing was evaluated, count under every policy and cannot be
    excused.
    """
    rulings = tuple(_rule(s, found, policy, excused) for s in found.night.standings)
    by = {kind: [r for r in rulings if r.judgement == kind] for kind in ("refuted", "incomplete")}
    differing = [check.title for check in found.night.rechecks if not check.same]
    failed = [r.claim for r in rulings if r.judgement == "failed"]
    cells = len(found.run.failures) + len(found.failures)
    if failed or cells or differing:
        parts = [
            f"{cells} cells failed" if cells else "",
            f"in error: {', '.join(failed)}" if failed else "",
            f"not the same when run again: {', '.join(differing)}" if differing else "",
        ]
        return Decision(4, "; ".join(p for p in parts if p), rulings)
    if all(s.outcome in NOT_EVALUATED for s in found.night.standings):
        return Decision(5, "nothing was evaluated", rulings)
    if by["refuted"]:
        return Decision(1, _named("refuted", by["refuted"]), rulings)
    if by["incomplete"]:
        return Decision(3, _named("not as the policy wants", by["incomplete"]), rulings)
    return Decision(0, "as the policy wants", rulings)


def _rule(
    standing: Standing, found: Verification, policy: Policy, excused: Collection[str]
) -> Ruling:
    if standing.outcome is Outcome.ERROR:
        return Ruling(standing.claim, "failed", standing.reason)
    judgement, why = _judge(standing, found, policy)
    if judgement != "ok" and standing.claim in excused:
        return Ruling(standing.claim, "excused", why)
    return Ruling(standing.claim, judgement, why)


def _judge(standing: Standing, found: Verification, policy: Policy) -> tuple[Judgement, str]:
    accepted = found.accepted.get(standing.claim)
    outcome = standing.outcome
    if policy == "report":
        return "ok", "the policy only reports"
    # What a control must be is known; nobody can accept that it is not.
    if standing.control == "passed":
        return "ok", "a control, and as it must be"
    if standing.control == "failed":
        return "refuted", f"a control that must not be {outcome}: {standing.reason}"
    if policy == "strict":
        changes = [c.text for c in found.against_baseline if c.claim == standing.claim]
        if outcome in REFUTED:
            return "refuted", standing.reason
        if outcome in UNDECIDED or changes:
            return "incomplete", "; ".join(changes) or standing.reason
        return "ok", "supported, or nothing to decide"
    if outcome is Outcome.NOT_RUN and found.night.tier == "push":
        return "ok", "not run: pushes only run controls"
    if accepted is not None and accepted.outcome is outcome:
        return "ok", f"{outcome}, as accepted"
    if outcome in REFUTED:
        return "refuted", standing.reason
    if outcome in UNDECIDED:
        return "incomplete", standing.reason
    if accepted is not None:
        return "incomplete", f"{outcome}, and {accepted.outcome} was accepted"
    return "ok", f"{outcome}, and nothing else was accepted"


def _named(what: str, rulings: list[Ruling]) -> str:
    return f"{what}: {', '.join(ruling.claim for ruling in rulings)}"

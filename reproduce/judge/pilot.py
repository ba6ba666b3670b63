"""Pilots: how much units differ, read off the records that a store already has of a claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

from reproduce.judge.finding import Finding, Unjudgeable
from reproduce.judge.observations import observe
from reproduce.nouns.claim import Claim
from reproduce.nouns.design import Design
from reproduce.nouns.record import Record
from reproduce.statistics.paired import Summary

ENOUGH = 5  # units; with fewer, the true sd may be more than three times what it seems


@dataclass(frozen=True)
class Pilot:
    """How much the units of one task differ in what the claim is judged by.

    Only the spread is read off, never the mean: a design that is chosen by it stays honest.

    Attributes:
        task: empty where all tasks are judged together.
        units: number of units it stands on.
        variance: over units, in squared points.
        floor: part of the squared standard error that more units leave as it is.
    """

    task: str
    units: int
    variance: float
    floor: float = 0.0

    def sd(self, n: int) -> float:
        """The standard deviation that the mean of `n` units behaves as if it had."""
        return float((self.variance + n * self.floor) ** 0.5)


def pilots(claim: Claim, design: Design, records: Mapping[str, Record | None]) -> tuple[Pilot, ...]:
    """One pilot a task, from the units of the design that are stored; none where they are few.

    A pilot needs five units, and some variance over them.
    """
    if not type(claim.expect).needs_records or not design.trials:
        return ()
    judge = import_module(type(claim.expect).__module__).judge
    checkpoint = getattr(claim.experiment, "checkpoint", "last")
    try:
        finding: Finding = judge(claim, observe(design, records, {}, checkpoint=checkpoint))
    except Unjudgeable:
        return ()
    if finding.quantities:
        each: dict[str, list[Summary]] = {}
        for quantity in finding.quantities:
            each.setdefault(quantity.task, []).append(quantity.summary)
        found = [_of_summaries(task, summaries) for task, summaries in each.items()]
    else:
        found = [_of_estimates(finding)]
    return tuple(p for p in found if p.units >= ENOUGH and p.variance + p.floor > 0)


def _of_summaries(task: str, summaries: list[Summary]) -> Pilot:
    count = len(summaries)
    return Pilot(
        task=task,
        units=min(s.n for s in summaries),
        variance=sum(s.spread**2 for s in summaries) / count,
        floor=sum(s.floor for s in summaries) / count,
    )


def _of_estimates(finding: Finding) -> Pilot:
    """Where layers or languages are compared: the mean variance of what is compared."""
    known = [e for e in finding.estimates if e.sd is not None]
    if not known:
        return Pilot("", 0, 0.0)
    variance = sum(e.sd**2 for e in known if e.sd is not None) / len(known)
    return Pilot("", min(e.n for e in known), variance)

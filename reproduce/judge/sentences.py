"""Numbers of sentences, which the judges of training data estimate beside the lead they test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from reproduce.judge.finding import Finding, Unjudgeable
from reproduce.judge.observations import TaskScores
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.verdict import Estimate


class Amount(NamedTuple):
    """A number of sentences estimated on one task, and what is to be said of it.

    Attributes:
        name: what it is, as in "own data draw level".
        value: None where it lies outside the numbers that were run.
        low: the lower end of its interval; None is unbounded.
        high: the upper end, likewise.
        note: empty if there is nothing to say.
    """

    task: TaskScores
    name: str
    value: float | None
    low: float | None
    high: float | None
    note: str = ""


def with_amounts(
    found: Finding, amounts: Sequence[Amount], *, level: float, expected: int
) -> Finding:
    """The finding with numbers of sentences estimated beside the lead that it tests.

    Args:
        found: what the test of the lead found.
        amounts: at most one a task.
        level: of their intervals.
        expected: the claim is true from so many sentences on.
    """
    estimates = tuple(
        Estimate(
            name=f"{amount.task.task}: {amount.name}",
            value=amount.value,
            low=amount.low,
            high=amount.high,
            level=level,
            n=len(amount.task.units),
            expected_low=float(expected),
            scale="sentences",
        )
        for amount in amounts
        if amount.value is not None
    )
    notes = tuple(f"{amount.task.task}: {amount.note}" for amount in amounts if amount.note)
    return replace(found, estimates=(*found.estimates, *estimates), notes=(*notes, *found.notes))


def numbers_after(prefix: str, task: TaskScores) -> tuple[int, ...]:
    """The numbers of sentences that labels of arms are made of behind a prefix, ascending."""
    labels = {arm.label.removeprefix(prefix) for arm in task.arms if arm.label.startswith(prefix)}
    return tuple(sorted(int(label) for label in labels if label.isdigit()))


def not_run(task: TaskScores, wanted: str, noun: str, there: Sequence[int]) -> Unjudgeable:
    """The refusal to judge at a number of sentences that no arm was trained with."""
    numbers = ", ".join(str(n) for n in there) or "none"
    return Unjudgeable(
        Outcome.NOT_APPLICABLE, f"{task.task} was not run with {wanted} ({noun}: {numbers})"
    )

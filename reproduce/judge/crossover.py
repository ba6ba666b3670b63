"""Crossover: how much data of its own a target needs to do better than with another language's."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import Field

from reproduce.judge.above import judge_above, prospects_above
from reproduce.judge.finding import Finding
from reproduce.judge.observations import Observations, TaskScores
from reproduce.judge.order import condition
from reproduce.judge.outlook import Prospects, Size
from reproduce.judge.quantity import Quantity, Sample, Term, measure
from reproduce.judge.sentences import Amount, not_run, numbers_after, with_amounts
from reproduce.judge.testing import interval_level
from reproduce.nouns.claim import Claim
from reproduce.nouns.design import OWN
from reproduce.nouns.expectation import Expectation

Floats = npt.NDArray[np.float64]


class Crossover(Expectation):
    """The condition `against` still leads with `beyond` sentences of the target's own, everywhere.

    The sizes at which the own data draw level are estimated beside it, with intervals.
    """

    quantity: ClassVar[str] = "sizes"

    kind: Literal["crossover"] = "crossover"
    against: str = "related"
    beyond: Annotated[int, Field(ge=1)]


class Level(NamedTuple):
    """Where two conditions draw level; None where that lies outside the sizes measured.

    Attributes:
        size: sentences at which the mean lead is 0.
        low: up to here the other condition clearly leads.
        high: from here on the own data clearly lead.
    """

    size: float | None
    low: float | None
    high: float | None


def judge(claim: Claim, observations: Observations) -> Finding:
    """Support if `against` leads in every target at that size, refute if it trails in some.

    Raises:
        Unjudgeable: the records allow no test, or the size was not run.
    """
    expect = claim.expect
    assert isinstance(expect, Crossover)
    tasks = list(observations.tasks.values())
    leads = [_lead(claim, observations, task, expect.against, expect.beyond) for task in tasks]
    text = f"{expect.against} > {expect.beyond} sentences of its own"
    found = judge_above(claim, observations, leads, 0.0, expectation=text)
    level = interval_level(claim, observations)
    amounts = [_draws_level(claim, observations, task, expect.against, level) for task in tasks]
    return with_amounts(found, amounts, level=level, expected=expect.beyond)


def _draws_level(
    claim: Claim, observations: Observations, task: TaskScores, against: str, level: float
) -> Amount:
    curve = [_lead(claim, observations, task, against, n) for n in sizes(task)]
    where = crossing(sizes(task), [q.sample for q in curve], level)
    name, note = f"own data draw level with {against}", _note(task, against, where)
    return Amount(task, name, where.size, where.low, where.high, note)


def sizes(task: TaskScores) -> tuple[int, ...]:
    """Sizes of the target's own data that were run, ascending."""
    return numbers_after(OWN, task)


def crossing(at: tuple[int, ...], leads: list[Sample], level: float) -> Level:
    """Where the lead over own data falls to 0, between sizes linearly in their logarithm.

    The interval holds the sizes at which a t test over units finds neither in the lead: it runs
    from the first size where the lower bound of the lead is 0 to the last where the upper one is.
    """
    from reproduce.statistics.paired import quantile

    x = np.log(np.array(at, dtype=float))
    mean = np.array([sample.summary.mean for sample in leads])
    half = np.array(
        [
            quantile(s.summary.df, 0.5 + level / 2) * s.summary.se if s.summary.df > 0 else np.inf
            for s in leads
        ]
    )
    return Level(
        size=_falls(x, mean, first=True),
        low=_falls(x, mean - half, first=True),
        high=_falls(x, mean + half, first=False),
    )


def _falls(x: Floats, y: Floats, *, first: bool) -> float | None:
    """Where a curve falls through 0, the first or the last time; None if it never does."""
    if not np.isfinite(y).all():
        return None
    places = [i for i in range(len(y) - 1) if y[i] > 0 >= y[i + 1]]
    if not places or (not first and y[-1] > 0):
        return None
    if first and y[0] <= 0:
        return None
    i = places[0 if first else -1]
    return float(np.exp(x[i] + (x[i + 1] - x[i]) * y[i] / (y[i] - y[i + 1])))


def _lead(
    claim: Claim, observations: Observations, task: TaskScores, against: str, size: int
) -> Quantity:
    if size not in sizes(task):
        raise not_run(task, f"{size} sentences of its own", "sizes", sizes(task))
    targets = observations.targets(task)
    terms = tuple(
        Term(sign, task, condition(observations, task, name), targets)
        for sign, name in ((1.0, against), (-1.0, f"{OWN}{size}"))
    )
    return Quantity(
        task=task.task,
        title=f"{task.task}: {against} over {size} sentences of its own",
        subject=f"on {task.task} {against} leads {size} sentences of its own by",
        sample=measure(claim, observations, terms),
        terms=terms,
    )


def _note(task: TaskScores, against: str, where: Level) -> str:
    at = sizes(task)
    if where.size is not None:
        low = f"{where.low:.0f}" if where.low is not None else f"fewer than {at[0]}"
        high = f"{where.high:.0f}" if where.high is not None else f"more than {at[-1]}"
        return (
            f"the target's own data draw level with {against} at about "
            f"{where.size:.0f} sentences ({low} to {high})"
        )
    return (
        f"the target's own data do not draw level with {against} between {at[0]} and "
        f"{at[-1]} sentences, or are ahead from the first"
    )


def prospects(claim: Claim, size: Size) -> Prospects:
    """A large enough lead can always be found, in either direction."""
    return prospects_above(size, 0.0, noun="lead over the target's own data")

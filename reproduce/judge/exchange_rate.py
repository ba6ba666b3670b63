"""Exchange rate: how many real sentences a thousand synthetic ones are worth."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from reproduce.judge.above import judge_above, prospects_above
from reproduce.judge.finding import Finding, Unjudgeable
from reproduce.judge.observations import Observations, TaskScores
from reproduce.judge.order import condition
from reproduce.judge.outlook import Prospects, Size
from reproduce.judge.quantity import Quantity, Term, by_unit, measure
from reproduce.judge.sentences import Amount, not_run, numbers_after, with_amounts
from reproduce.judge.testing import interval_level
from reproduce.nouns.claim import Claim
from reproduce.nouns.expectation import Expectation
from reproduce.statistics.exchange import Worth, worth

Floats = npt.NDArray[np.float64]

REAL = "real-"
SYNTHETIC = "+synthetic"
THOUSAND = 1000


class ExchangeRate(Expectation):
    """Beside `at` real sentences, a thousand synthetic ones are worth more than `more_than` real.

    Judged is the lead of the arm with synthetic data over the learning curve without them, at so
    many real sentences more; between the amounts that were run a curve is straight. The rate
    itself is estimated beside it, with an interval.
    """

    quantity: ClassVar[str] = "gain"

    kind: Literal["exchange_rate"] = "exchange_rate"
    more_than: Annotated[int, Field(ge=0)]
    at: Annotated[int, Field(ge=0)] = 0


def judge(claim: Claim, observations: Observations) -> Finding:
    """Support if the synthetic data lead that many real ones, refute if they trail them.

    Raises:
        Unjudgeable: the records allow no test, or an amount was not run.
    """
    expect = claim.expect
    assert isinstance(expect, ExchangeRate)
    tasks = list(observations.tasks.values())
    leads = [_lead(claim, observations, task, expect) for task in tasks]
    text = f"{THOUSAND} synthetic > {expect.more_than} real sentences, beside {expect.at} real ones"
    found = judge_above(claim, observations, leads, 0.0, expectation=text)
    level = interval_level(claim, observations)
    amounts = [
        _in_real_ones(task, rate_of(claim, observations, task, expect.at, level)) for task in tasks
    ]
    return with_amounts(found, amounts, level=level, expected=expect.more_than)


def _in_real_ones(task: TaskScores, rate: Worth) -> Amount:
    ends = (
        "the learning curve ends before it surely reaches the score with synthetic data: the upper "
        "end is only where it ends"
    )
    return Amount(
        task=task,
        name=f"{THOUSAND} synthetic sentences, in real ones",
        value=rate.value,
        low=rate.low,
        high=rate.high,
        note="" if rate.bounded else ends,
    )


def rate_of(
    claim: Claim, observations: Observations, task: TaskScores, at: int, level: float
) -> Worth:
    """What a thousand synthetic sentences are worth beside `at` real ones."""
    real = real_amounts(task)
    if at not in real:
        raise _not_run(task, at, real)
    target = observations.targets(task)

    def scores(label: str) -> Floats:
        return by_unit(
            observations, [Term(1.0, task, condition(observations, task, label), target)]
        )

    plain = np.stack([scores(f"{REAL}{n}") for n in real], axis=1)
    added = np.zeros_like(plain)
    place = real.index(at)
    added[:, place] = scores(f"{REAL}{at}{SYNTHETIC}")
    found = worth(np.array(real, dtype=float), plain, added, at=place, level=level)
    scale = THOUSAND / synthetic_of(claim)
    return Worth(scale * found.value, scale * found.low, scale * found.high, found.bounded)


def real_amounts(task: TaskScores) -> tuple[int, ...]:
    """Numbers of real sentences that were run without synthetic ones, ascending."""
    return numbers_after(REAL, task)


def synthetic_of(claim: Claim) -> int:
    """How many synthetic sentences the arms of a curve have."""
    return int(getattr(claim.experiment, "synthetic", THOUSAND))


def _lead(
    claim: Claim, observations: Observations, task: TaskScores, expect: ExchangeRate
) -> Quantity:
    real = real_amounts(task)
    wanted = expect.at + expect.more_than * synthetic_of(claim) / THOUSAND
    if not real or not real[0] <= wanted <= real[-1]:
        raise _not_run(task, wanted, real)
    above = next(n for n in real if n >= wanted)
    below = max(n for n in real if n <= wanted)
    share = (wanted - below) / (above - below) if above > below else 0.0
    parts = {f"{REAL}{expect.at}{SYNTHETIC}": 1.0, f"{REAL}{below}": share - 1.0}
    if share:
        parts[f"{REAL}{above}"] = -share
    targets = observations.targets(task)
    terms = tuple(
        Term(weight, task, condition(observations, task, label), targets)
        for label, weight in parts.items()
    )
    more = f"{wanted - expect.at:g} more real sentences"
    return Quantity(
        task=task.task,
        title=f"{task.task}: synthetic data over {more}",
        subject=f"on {task.task} {synthetic_of(claim)} synthetic sentences lead {more} by",
        sample=measure(claim, observations, terms),
        terms=terms,
    )


def _not_run(task: TaskScores, wanted: float, real: tuple[int, ...]) -> Unjudgeable:
    return not_run(task, f"{wanted:g} real sentences", "amounts", real)


def prospects(claim: Claim, size: Size) -> Prospects:
    """A large enough lead can always be found, in either direction."""
    return prospects_above(size, 0.0, noun="lead over that many real sentences")

"""Order: several conditions score in a stated order, each clearly above the next."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from reproduce.judge.above import judge_above, prospects_above
from reproduce.judge.finding import Finding, Unjudgeable
from reproduce.judge.gain import choose_by_others, require_units
from reproduce.judge.observations import Observations, TaskScores
from reproduce.judge.outlook import Prospects, Size
from reproduce.judge.quantity import Quantity, Term, measure
from reproduce.nouns.claim import Claim, Points, points
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.expectation import Expectation


class Order(Expectation):
    """Each condition of `order` scores more than `margin` above the next, the best one first.

    A condition is named by the label of its arm, or by its fusion module; where it was run at
    several layers, the layer is chosen on the source language's development data.
    """

    quantity: ClassVar[str] = "gain"

    kind: Literal["order"] = "order"
    order: Annotated[tuple[str, ...], Field(min_length=2)]
    margin: Points = "0"


def judge(claim: Claim, observations: Observations) -> Finding:
    """Support if every neighbouring pair is in order, refute if some pair is reversed.

    Raises:
        Unjudgeable: the records allow no test, or a condition was not run.
    """
    expect = claim.expect
    assert isinstance(expect, Order)
    margin = float(points(expect.margin))
    pairs = [
        _pair(claim, observations, task, better, worse)
        for task in observations.tasks.values()
        for better, worse in zip(expect.order, expect.order[1:], strict=False)
    ]
    text = " > ".join(expect.order)
    return judge_above(claim, observations, pairs, margin, expectation=text)


def condition(observations: Observations, task: TaskScores, name: str) -> tuple[int, ...]:
    """For each unit the arm that stands for a named condition.

    Raises:
        Unjudgeable: there is none.
    """
    require_units(task)
    arms = [i for i, arm in enumerate(task.arms) if name in (arm.label, arm.fusion.kind)]
    if not arms:
        there = ", ".join(dict.fromkeys(arm.label or arm.fusion.kind for arm in task.arms))
        raise Unjudgeable(
            Outcome.ERROR, f"no arm of {task.task} is called {name!r}; there are: {there}"
        )
    if len(arms) == 1:
        return (arms[0],) * len(task.units)
    return tuple(arms[i] for i in choose_by_others(observations.source_scores(task)[arms]))


def _pair(
    claim: Claim, observations: Observations, task: TaskScores, better: str, worse: str
) -> Quantity:
    targets = observations.targets(task)
    terms = tuple(
        Term(sign, task, condition(observations, task, name), targets)
        for sign, name in ((1.0, better), (-1.0, worse))
    )
    title = f"{task.task}: {better} over {worse}"
    return Quantity(
        task=title,
        title=title,
        subject=f"on {task.task} {better} leads {worse} by",
        sample=measure(claim, observations, terms),
        terms=terms,
    )


def prospects(claim: Claim, size: Size) -> Prospects:
    """A large enough lead can always be found, in either direction."""
    expect = claim.expect
    assert isinstance(expect, Order)
    pairs = max(1, size.tasks) * (len(expect.order) - 1)
    wider = Size(pairs, size.layers, size.n, size.sd, size.alpha)
    return prospects_above(wider, float(points(expect.margin)), noun="lead of each over the next")

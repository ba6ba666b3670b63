"""Interaction: the gain is larger on some tasks or languages than on others."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from reproduce.judge.above import judge_above, prospects_above
from reproduce.judge.finding import Finding, Unjudgeable
from reproduce.judge.gain import chosen, gain_terms
from reproduce.judge.numbers import plain
from reproduce.judge.observations import Observations, TaskScores
from reproduce.judge.outlook import Prospects, Size
from reproduce.judge.quantity import Quantity, Term, measure
from reproduce.nouns.base import Noun
from reproduce.nouns.claim import Claim, Points, points
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.expectation import Expectation

Codes = Annotated[tuple[str, ...], Field(min_length=1)]


class Side(Noun):
    """A group of tasks and of languages; None stands for all tasks."""

    tasks: Codes | None = None
    languages: Literal["source", "targets"] | Codes = "targets"


class Interaction(Expectation):
    """The gain on `larger` exceeds the gain on `smaller` by more than `margin` points."""

    quantity: ClassVar[str] = "gain"

    kind: Literal["interaction"] = "interaction"
    larger: Side
    smaller: Side
    margin: Points = "0"


def judge(claim: Claim, observations: Observations) -> Finding:
    """The margin's judgement on the difference of differences, unit by unit.

    Raises:
        Unjudgeable: the records allow no test, or lack a task or language of either side.
    """
    expect = claim.expect
    assert isinstance(expect, Interaction)
    margin = float(points(expect.margin))
    terms = (
        *_side(observations, expect.larger, 1.0),
        *_side(observations, expect.smaller, -1.0),
    )
    larger, smaller = describe(expect.larger), describe(expect.smaller)
    found = Quantity(
        task=f"{larger} against {smaller}",
        title=f"gain on {larger} minus gain on {smaller}",
        subject=f"the gain on {larger} exceeds that on {smaller} by",
        sample=measure(claim, observations, terms),
        terms=terms,
    )
    text = f"gain on {larger} - gain on {smaller} > {plain(margin)}"
    return judge_above(claim, observations, [found], margin, expectation=text)


def describe(side: Side) -> str:
    """`pos and ner, targets`."""
    languages = side.languages if isinstance(side.languages, str) else ", ".join(side.languages)
    words = {"source": "the source language", "targets": "the target languages"}
    where = words.get(languages, languages)
    return where if side.tasks is None else f"{', '.join(side.tasks)} in {where}"


def _side(observations: Observations, side: Side, sign: float) -> tuple[Term, ...]:
    names = tuple(observations.tasks) if side.tasks is None else side.tasks
    missing = [name for name in names if name not in observations.tasks]
    if missing:
        why = observations.design.unavailable.get(missing[0], "not part of the experiment")
        raise Unjudgeable(Outcome.NOT_APPLICABLE, f"{missing[0]} is not available: {why}")
    terms: list[Term] = []
    for name in names:
        task = observations.tasks[name]
        pairs = chosen(observations, task)
        terms += gain_terms(task, pairs, _languages(observations, task, side), sign / len(names))
    return tuple(terms)


def _languages(observations: Observations, task: TaskScores, side: Side) -> tuple[str, ...]:
    if side.languages == "targets":
        return observations.targets(task)
    if side.languages == "source":
        return (observations.design.source_language,)
    return tuple(side.languages)


def prospects(claim: Claim, size: Size) -> Prospects:
    """A large enough interaction can always be found, in either direction."""
    assert isinstance(claim.expect, Interaction)
    # A difference of two independent differences has twice the variance of one.
    wider = size.sd if size.own else size.sd * 2**0.5
    one = Size(1, size.layers, size.n, wider, size.alpha)
    return prospects_above(one, float(points(claim.expect.margin)), noun="interaction")

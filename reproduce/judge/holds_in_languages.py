"""Holds in languages: the gain exceeds a margin in at least so many of the languages."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from reproduce.judge.finding import NO_VARIANCE, TOO_FEW, Finding, Says, Undecided, Unjudgeable
from reproduce.judge.gain import chosen, contrast_title, gain_terms
from reproduce.judge.numbers import in_points, listing, plain
from reproduce.judge.observations import Observations, TaskScores
from reproduce.judge.outlook import Prospects, Size
from reproduce.judge.quantity import Quantity, measure
from reproduce.judge.testing import above, below, estimate, interval_level, unavailable_note
from reproduce.nouns.claim import Claim, Points, points
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.expectation import Expectation

Share = Annotated[str, Field(pattern=r"^(100|[1-9]?\d)%$")]


class HoldsInLanguages(Expectation):
    """The gain exceeds `margin` points in at least `at_least` languages, a number or `"80%"`."""

    quantity: ClassVar[str] = "gain"

    kind: Literal["holds_in_languages"] = "holds_in_languages"
    at_least: Annotated[int, Field(ge=1)] | Share
    margin: Points = "0"


def judge(claim: Claim, observations: Observations) -> Finding:
    """Partial conjunction over languages, valid under any dependence between them.

    Raises:
        Unjudgeable: the records allow no test.
    """
    from reproduce.statistics.multiplicity import at_least, every, some

    expect = claim.expect
    assert isinstance(expect, HoldsInLanguages)
    margin = float(points(expect.margin))
    tasks = [_gains(claim, observations, task) for task in observations.tasks.values()]
    needed = [required(expect.at_least, len(gains)) for gains in tasks]
    supports, refutes = [], []
    for gains, u in zip(tasks, needed, strict=True):
        if u > len(gains):
            raise Unjudgeable(
                Outcome.NOT_APPLICABLE,
                f"{u} languages are claimed and {len(gains)} were evaluated on {gains[0].task}",
            )
        supports.append(at_least([above(g, margin, observations) for g in gains], u))
        # More than L - u languages below the margin leave too few above it.
        lower = [below(g, margin, observations) for g in gains]
        refutes.append(at_least(lower, len(gains) - u + 1))
    decisive = int(np.argmax(supports))
    complete = not observations.design.unavailable
    flat = [g for gains in tasks for g in gains]
    level = interval_level(claim, observations)
    shown = sorted(tasks[decisive], key=lambda g: -g.summary.mean)
    return Finding(
        test=f"partial conjunction over languages, paired t over {claim.unit}s",
        expectation=f"gain > {plain(margin)} in {needed[decisive]} of {len(tasks[decisive])} "
        "languages",
        p_support=every(supports) if complete else 1.0,
        p_refute=some(refutes),
        units=min(g.summary.n for g in flat),
        sentences=observations.sentences(),
        blocked=None if any(g.summary.testable for g in flat) else Outcome.INCONCLUSIVE,
        says=_says(tasks, needed, margin),
        undecided=lambda alpha: _undecided(tasks, needed, margin, alpha),
        estimates=tuple(estimate(g, level, low=margin) for g in shown),
        notes=unavailable_note(observations),
    )


def required(at_least: int | str, languages: int) -> int:
    """The number of languages that a number or a share stands for."""
    if isinstance(at_least, int):
        return at_least
    return max(1, math.ceil(int(at_least.removesuffix("%")) * languages / 100))


def _gains(claim: Claim, observations: Observations, task: TaskScores) -> list[Quantity]:
    pairs = chosen(observations, task)
    found = []
    for language in observations.targets(task):
        terms = gain_terms(task, pairs, (language,))
        title = f"{contrast_title(pairs)} in {language}"
        found.append(
            Quantity(
                task=task.task,
                title=title,
                subject=f"{title} gains",
                sample=measure(claim, observations, terms),
                terms=terms,
            )
        )
    if not found:
        raise Unjudgeable(Outcome.ERROR, f"{task.task} was evaluated in no target language")
    return found


def _says(tasks: list[list[Quantity]], needed: list[int], margin: float) -> Says:
    parts = []
    for gains, u in zip(tasks, needed, strict=True):
        over = sum(g.summary.mean > margin for g in gains)
        parts.append(f"{gains[0].task} in {over} of {len(gains)} (claimed: at least {u})")
    text = f"the mean gain is above {in_points(margin)} on {listing(parts)} languages"
    return Says(
        supported=f"{text}, beyond doubt in as many as claimed",
        refuted=f"{text}, and clearly below in too many others",
        undecided=f"{text}, not clearly in as many as claimed, nor clearly in fewer",
    )


def _undecided(
    tasks: list[list[Quantity]], needed: list[int], margin: float, alpha: float
) -> Undecided:
    summaries = [g.summary for gains in tasks for g in gains]
    if any(s.n < 2 for s in summaries):
        return TOO_FEW
    if not any(s.testable for s in summaries):
        return NO_VARIANCE
    units: list[int | None] = []
    for gains, u in zip(tasks, needed, strict=True):
        share = alpha / (len(gains) - u + 1)
        each = [
            n for g in gains if (n := g.summary.needed(g.summary.mean - margin, share)) is not None
        ]
        units.append(sorted(each)[u - 1] if len(each) >= u else None)
    known = [n for n in units if n is not None]
    total = max(known) if len(known) == len(units) else None
    return Undecided("underpowered", units=total, text="if the measured gains are true")


def prospects(claim: Claim, size: Size) -> Prospects:
    """A large enough gain can be found in each language; the correction is for those not needed."""
    from reproduce.statistics.power import minimum_detectable_effect

    expect = claim.expect
    assert isinstance(expect, HoldsInLanguages)
    margin = float(points(expect.margin))
    mde = minimum_detectable_effect(size.n, size.alpha) * size.sd
    text = (
        f"With 80% power for each language, gains of {plain(margin + mde)} points would be found "
        "where all languages are claimed; larger ones are needed where fewer are, since it is not "
        "known beforehand which."
    )
    return Prospects(True, True, mde, None, text)

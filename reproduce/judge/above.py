"""Above: one or several quantities are larger than a bound, the judgement behind many kinds."""

from __future__ import annotations

from collections.abc import Sequence

from reproduce.judge.finding import MORE_SENTENCES, NO_VARIANCE, TOO_FEW, Finding, Says, Undecided
from reproduce.judge.numbers import listing, measured, plain, probability, scaled
from reproduce.judge.observations import Observations
from reproduce.judge.outlook import Prospects, Size
from reproduce.judge.quantity import Quantity
from reproduce.judge.testing import (
    above,
    below,
    estimate,
    interval_level,
    name_of_test,
    other_estimates,
    require_variance,
    unavailable_note,
)
from reproduce.nouns.claim import Claim


def judge_above(
    claim: Claim,
    observations: Observations,
    quantities: Sequence[Quantity],
    bound: float,
    *,
    expectation: str,
) -> Finding:
    """Support if every quantity exceeds the bound, refute if some one falls short of it.

    Support needs no correction over tasks (intersection-union); refutation has Holm's.
    """
    from reproduce.statistics.multiplicity import every, some

    blocking = require_variance(quantities, claim.unit)
    up = [above(q, bound, observations) for q in quantities]
    down = [below(q, bound, observations) for q in quantities]
    # The task that decides comes first: it is the one that the report draws.
    order = sorted(range(len(up)), key=lambda i: -up[i])
    ordered = [quantities[i] for i in order]
    level = interval_level(claim, observations)
    complete = not observations.design.unavailable
    return Finding(
        test=name_of_test(claim, tasks=len(up)),
        expectation=expectation,
        p_support=every(up) if complete else 1.0,
        p_refute=some(down),
        units=min(q.summary.n for q in quantities),
        sentences=observations.sentences(),
        blocked=blocking.outcome if blocking else None,
        says=_says(ordered, bound, level, claim.unit, blocking.reason if blocking else ""),
        undecided=lambda alpha: _undecided(ordered, bound, alpha, complete),
        estimates=tuple(estimate(q, level, low=bound) for q in ordered),
        selection=other_estimates(ordered, level, low=bound),
        notes=(
            *(note for q in ordered for note in q.notes),
            *_directions(ordered, bound),
            *unavailable_note(observations),
        ),
        quantities=tuple(ordered),
    )


def _says(
    quantities: Sequence[Quantity], bound: float, level: float, unit: str, blocking: str
) -> Says:
    texts = [f"{q.subject} {measured(q.summary, level, unit, q.scale)}" for q in quantities]
    worst, than = texts[0], scaled(bound, quantities[0].scale)
    if len(quantities) == 1:
        return Says(
            supported=f"{worst}, more than {than}",
            refuted=f"{worst}, less than {than}",
            undecided=blocking or f"{worst}, neither clearly above nor clearly below {than}",
        )
    low = min(range(len(quantities)), key=lambda i: quantities[i].summary.mean)
    return Says(
        supported=f"more than {than} on all {len(quantities)} tasks, the least certain of them: "
        f"{worst}",
        refuted=f"{texts[low]}, less than {than}",
        undecided=blocking or f"not every task is clearly above {than}: {worst}",
    )


def _directions(quantities: Sequence[Quantity], bound: float) -> tuple[str, ...]:
    """For a positive margin, whether there is an effect in that direction at all."""
    from reproduce.statistics.paired import p_above

    if bound <= 0:
        return ()
    return tuple(
        f"direction of {q.task}: above 0 with p = {probability(p_above(q.summary, 0.0))}, "
        "unadjusted"
        for q in quantities
    )


def _undecided(
    quantities: Sequence[Quantity], bound: float, alpha: float, complete: bool
) -> Undecided:
    summaries = [q.summary for q in quantities]
    if any(s.n < 2 for s in summaries):
        return TOO_FEW
    if not all(s.testable for s in summaries):
        return NO_VARIANCE
    short = [s for s in summaries if s.mean <= bound]
    if not short and not complete:
        return Undecided("tasks of the claim are missing", advice="Provide the missing tasks.")
    if short:
        # The surest of the tasks that fall short is enough to refute.
        decisive = max(short, key=lambda s: (bound - s.mean) / s.se)
        needed = decisive.needed(bound - decisive.mean, alpha / len(quantities))
    else:
        decisive = min(summaries, key=lambda s: (s.mean - bound) / s.se)
        every = [s.needed(s.mean - bound, alpha) for s in summaries]
        needed = None if None in every else max(n for n in every if n is not None)
    near = abs(decisive.mean - bound) < decisive.se
    why = "straddles the margin" if near else "underpowered"
    tasks = [q.task for q in quantities if (q.summary.mean <= bound) == bool(short)]
    if needed is None and decisive.floor > 0.5 * decisive.se**2:
        return Undecided(why, advice=MORE_SENTENCES)
    return Undecided(why, units=needed, text=f"if the effect measured on {listing(tasks)} is true")


def prospects_above(size: Size, bound: float, *, noun: str, scale: str = "points") -> Prospects:
    """A large enough effect can always be found, in either direction."""
    from reproduce.statistics.power import minimum_detectable_effect

    mde = minimum_detectable_effect(size.n, size.alpha) * size.sd
    against = minimum_detectable_effect(size.n, size.alpha / max(1, size.tasks)) * size.sd
    each = f"a true {noun}"
    if size.tasks > 1:
        each += f" on each of the {size.tasks} tasks"
    return Prospects(
        can_be_supported=True,
        can_be_refuted=True,
        mde=mde,
        seeds_needed=None,
        text=f"With 80% power {each} of {plain(bound + mde)} {scale} would be found, and one of "
        f"{plain(bound - against)} {scale} would refute the claim.",
    )

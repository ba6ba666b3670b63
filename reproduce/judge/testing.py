"""What the judges of single quantities share: estimates, levels, and refusals to test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from reproduce.judge.gain import Gain
from reproduce.judge.observations import Observations
from reproduce.nouns.claim import Claim
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.verdict import Estimate


class Blocking(NamedTuple):
    """An outcome that stands whatever the p-values would be."""

    outcome: Outcome
    reason: str


def level_of_test(claim: Claim, observations: Observations) -> float:
    """Level of one-sided tests: the claim's alpha, split evenly over its declared looks."""
    return claim.alpha / len(observations.design.looks)


def interval_level(claim: Claim, observations: Observations) -> float:
    """Level of the two-sided interval whose ends are the one-sided bounds of the verdict."""
    return 1 - 2 * level_of_test(claim, observations)


def require_variance(gains: Sequence[Gain], unit: str) -> Blocking | None:
    """Without two units, or without any variance over them, there is nothing to test by."""
    for gain in gains:
        s = gain.summary
        if s.n < 2:
            return Blocking(
                Outcome.INCONCLUSIVE,
                f"{gain.title} differs by {s.mean:+.2f} points in one {unit}; "
                "one unit has no variance to judge by",
            )
        if s.se == 0:
            return Blocking(
                Outcome.INCONCLUSIVE,
                f"{gain.title} differs by exactly {s.mean:+.2f} points in all {s.n} {unit}s; "
                "without variance there is nothing to judge by",
            )
    return None


def estimate(
    gain: Gain, level: float, *, low: float | None = None, high: float | None = None
) -> Estimate:
    """A gain as the report draws it, with the region in which the claim is true."""
    from reproduce.statistics.paired import interval

    summary = gain.summary
    bounds = interval(summary, level)
    return Estimate(
        name=gain.title,
        value=summary.mean,
        low=bounds.low if bounds else None,
        high=bounds.high if bounds else None,
        level=level,
        n=summary.n,
        sd=summary.sd if summary.n > 1 else None,
        expected_low=low,
        expected_high=high,
    )


def other_estimates(
    gains: Sequence[Gain], level: float, *, low: float | None = None, high: float | None = None
) -> tuple[Estimate, ...]:
    """The gains under other selection rules, each named by its rule."""
    return tuple(
        estimate(
            Gain(task=gain.task, title=other.name, values=other.values), level, low=low, high=high
        ).model_copy(update={"note": other.title})
        for gain in gains
        for other in gain.selection
    )


def unavailable_note(observations: Observations) -> tuple[str, ...]:
    """What the setting could not provide, one note a task."""
    missing = observations.design.unavailable
    return tuple(f"{task} is not part of this verdict: {why}" for task, why in missing.items())

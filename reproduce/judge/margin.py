"""Margin: a gain is larger than so many points, on every task of the claim."""

from __future__ import annotations

from typing import ClassVar, Literal

from reproduce.judge.above import judge_above, prospects_above
from reproduce.judge.finding import Finding
from reproduce.judge.gain import gains
from reproduce.judge.numbers import plain
from reproduce.judge.observations import Observations
from reproduce.judge.outlook import Prospects, Size
from reproduce.nouns.claim import Claim, Points, points
from reproduce.nouns.expectation import Expectation


class Margin(Expectation):
    """The gain exceeds `margin` percentage points; "0" asks for the direction alone."""

    quantity: ClassVar[str] = "gain"

    kind: Literal["margin"] = "margin"
    margin: Points = "0"


def judge(claim: Claim, observations: Observations) -> Finding:
    """Support if every task gains more than the margin, refute if some task gains less.

    Raises:
        Unjudgeable: the records allow no test.
    """
    assert isinstance(claim.expect, Margin)
    margin = float(points(claim.expect.margin))
    found = gains(claim, observations)
    return judge_above(claim, observations, found, margin, expectation=f"gain > {plain(margin)}")


def prospects(claim: Claim, size: Size) -> Prospects:
    """A large enough effect can always be found, in either direction."""
    assert isinstance(claim.expect, Margin)
    return prospects_above(size, float(points(claim.expect.margin)), noun="gain")

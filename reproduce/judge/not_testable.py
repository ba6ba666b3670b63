"""Not testable: a statement that no experiment could refute as it is printed."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from reproduce.judge.finding import Finding, blocked
from reproduce.judge.observations import Observations
from reproduce.judge.outlook import Prospects, Size
from reproduce.nouns.claim import Claim
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.expectation import Expectation


class NotTestable(Expectation):
    """The claim as printed says nothing that could be false; `why` is the reason."""

    quantity: ClassVar[str] = ""
    needs_records: ClassVar[bool] = False

    kind: Literal["not_testable"] = "not_testable"
    why: Annotated[str, Field(min_length=1)]


def judge(claim: Claim, observations: Observations | None) -> Finding:
    """Never a test, whatever was run."""
    assert isinstance(claim.expect, NotTestable)
    return blocked(Outcome.NOT_TESTABLE, claim.expect.why.rstrip("."))


def prospects(claim: Claim, size: Size) -> Prospects:
    """No design can decide it."""
    return Prospects(False, False, None, None, "No number of seeds can decide it as printed.")

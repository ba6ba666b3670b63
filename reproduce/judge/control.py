"""Controls: claims whose outcome is known, so that it tells of the procedure and not of a paper."""

from __future__ import annotations

from typing import Literal, NamedTuple

from reproduce.nouns.claim import Claim, required
from reproduce.nouns.evidence import Outcome

State = Literal["", "passed", "failed", "undecided"]
_DECIDED = {
    Outcome.SUPPORTED: "supported",
    Outcome.REFUTED: "refuted",
    Outcome.INCONCLUSIVE: "inconclusive",
    Outcome.CONFORMS: "supported",
    Outcome.DOES_NOT_CONFORM: "refuted",
}


class ControlState(NamedTuple):
    """Whether a control came out as it must, with a sentence that says so; both may be empty."""

    state: State
    text: str


def control_state(claim: Claim, outcome: Outcome) -> ControlState:
    """What a control's outcome says of the procedure; nothing of other claims.

    One that was not run, or could not be judged, says nothing yet.
    """
    wanted, found = required(claim), _DECIDED.get(outcome)
    if not wanted or found is None:
        return ControlState("", "")
    must = " or ".join(wanted)
    if found in wanted:
        return ControlState("passed", f"This control must be {must}, and it is.")
    if found == "inconclusive":
        return ControlState("undecided", f"This control must be {must}, which is not shown.")
    return ControlState(
        "failed", f"This control must be {must}: something is wrong with the procedure."
    )

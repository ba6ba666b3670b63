"""What a verdict rests on, and the words that may be used for it."""

from __future__ import annotations

from enum import StrEnum
from functools import total_ordering


@total_ordering
class Evidence(StrEnum):
    """How far a result speaks about the paper; ordered from weak to strong."""

    SIMULATED = "simulated"
    SCALED = "scaled"
    REPLICATION = "replication"

    def __lt__(self, other: object) -> bool:
        order = list(Evidence)
        return order.index(self) < order.index(Evidence(str(other)))


class Outcome(StrEnum):
    """What is said of one claim."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"
    CONFORMS = "conforms"
    DOES_NOT_CONFORM = "does not conform"
    NOT_TESTABLE = "not testable as printed"
    NOT_APPLICABLE = "not applicable at this evidence level"
    ERROR = "error"
    NOT_RUN = "not run"

"""What a verdict rests on, and the words that may be used for it."""

from __future__ import annotations

from enum import StrEnum


class Evidence(StrEnum):
    """How far a result speaks about the paper; ordered from weak to strong."""

    SIMULATED = "simulated"
    SCALED = "scaled"
    REPLICATION = "replication"

    # All four: a str has its own, alphabetical ones, which total_ordering would leave in place.
    def __lt__(self, other: str) -> bool:
        return self.rank < Evidence(other).rank

    def __le__(self, other: str) -> bool:
        return self.rank <= Evidence(other).rank

    def __gt__(self, other: str) -> bool:
        return self.rank > Evidence(other).rank

    def __ge__(self, other: str) -> bool:
        return self.rank >= Evidence(other).rank

    @property
    def rank(self) -> int:
        """0 for the weakest."""
        return list(Evidence).index(self)


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

"""Unjudgeable: records that allow no test, as an exception inside the judge."""

from __future__ import annotations

from reproduce.errors import ReproduceError
from reproduce.nouns.evidence import Outcome


class Unjudgeable(ReproduceError):
    """The records do not allow a test; becomes an outcome with its reason, never a crash."""

    def __init__(self, outcome: Outcome, reason: str):
        self.outcome = outcome
        self.reason = reason
        super().__init__(reason)

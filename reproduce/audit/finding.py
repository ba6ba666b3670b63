"""What one check of the audit found."""

from __future__ import annotations

from typing import Literal

from reproduce.nouns.base import Noun

Result = Literal["ok", "problem", "cannot be checked"]


class Finding(Noun):
    """One line of the audit.

    Attributes:
        subject: the paper or document, by its name in `papers.yaml`.
        kind: which check was made: `difference`, `citation`, `marks`, ...
        what: what was checked, in words.
        result: how it came out.
        reason: one sentence with the numbers.
        key: where in `papers.yaml` the check stands.
    """

    subject: str
    kind: str
    what: str
    result: Result
    reason: str
    key: str

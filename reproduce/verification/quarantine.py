"""The quarantine: known failures that do not fail the job, each with a reason and an expiry."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field

from reproduce.book.document import read_document
from reproduce.book.validation import build
from reproduce.errors import SpecErrors
from reproduce.nouns.base import Name, Noun

QUARANTINE = Path("reports/quarantine.yaml")
"""Where the list lies, below the working folder."""


class Excuse(Noun):
    """One claim whose refutation or indecision is known; errors are never excused."""

    claim: Name
    reason: Annotated[str, Field(min_length=1, max_length=1000)]
    until: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]  # the last day, UTC


class Quarantine(Noun):
    """The whole list."""

    claims: tuple[Excuse, ...] = ()

    def excuses(self, today: date) -> dict[str, Excuse]:
        """Claim -> its excuse, as long as it has not expired."""
        return {e.claim: e for e in self.claims if today <= date.fromisoformat(e.until)}

    def expired(self, today: date) -> tuple[Excuse, ...]:
        """Entries that count no more and should be mended or removed."""
        return tuple(e for e in self.claims if today > date.fromisoformat(e.until))


def load_quarantine(path: Path, known: Collection[str]) -> Quarantine:
    """The list in a file; empty where there is none.

    Raises:
        SpecErrors: the file is wrong, names a claim that is not in the book, or a day that no
            calendar has.
    """
    if not path.exists():
        return Quarantine()
    document = read_document(path)
    found = build(Quarantine, document)
    problems = []
    for number, excuse in enumerate(found.claims):
        if excuse.claim not in known:
            problems.append(
                document.problem(
                    ("claims", number, "claim"),
                    f"there is no claim {excuse.claim!r}",
                    allowed="a claim of the book that is verified",
                    next_step="remove the entry",
                )
            )
        try:
            date.fromisoformat(excuse.until)
        except ValueError as error:
            problems.append(document.problem(("claims", number, "until"), str(error)))
    if problems:
        raise SpecErrors(problems)
    return found

"""The errors of the package.

    ReproduceError
    ├── UserError            the user can mend it: shown without a traceback, exit status 2
    │   ├── SpecErrors       everything that is wrong in claims, settings and papers, at once
    │   ├── DataError        a corpus that is torn or of another format
    │   │   └── AbsentError  a corpus or split that is not there: some claims need none
    │   ├── CheckpointError  a model folder that cannot be used
    │   ├── StoreError       a store that cannot be written or read
    │   └── ResourceError    more CPUs, GPUs or memory asked for than there are
    └── CellError            one cell failed: data for the run log, never an end of the run

Everything else is a bug: shown with its traceback, exit status 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class ReproduceError(Exception):
    """Base of all errors that the package raises on purpose."""


class UserError(ReproduceError):
    """Something that the user can mend: what was found, where, what is allowed, the next step."""

    def __init__(self, message: str, *, where: str = "", allowed: str = "", next_step: str = ""):
        self.message = message
        self.where = where
        self.allowed = allowed
        self.next_step = next_step
        super().__init__(self.text())

    def text(self) -> str:
        """The whole message, one part a line."""
        lines = [f"{self.where}: {self.message}" if self.where else self.message]
        if self.allowed:
            lines.append(f"  allowed: {self.allowed}")
        if self.next_step:
            lines.append(f"  next: {self.next_step}")
        return "\n".join(lines)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in one file."""

    file: str
    line: int | None
    key: str
    found: str
    allowed: str = ""
    next_step: str = ""

    def text(self) -> str:
        """`file:line: key: found`, then what is allowed and what to do."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        key = f"{self.key}: " if self.key else ""
        return UserError(
            f"{key}{self.found}", where=place, allowed=self.allowed, next_step=self.next_step
        ).text()


class SpecErrors(UserError):
    """All problems of all specification files of one call, collected."""

    def __init__(self, problems: Sequence[Problem]):
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.text() for problem in self.problems))


class DataError(UserError):
    """A corpus that is torn or in another format than expected."""


class AbsentError(DataError):
    """A corpus, language or split that is not there; where none is needed, one goes without."""


class CheckpointError(UserError):
    """A model folder that cannot be used."""


class StoreError(UserError):
    """A store that cannot be written or read."""


class ResourceError(UserError):
    """More CPUs, GPUs or memory asked for than there are."""


class CellError(ReproduceError):
    """One cell failed; its siblings go on."""

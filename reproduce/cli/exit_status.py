"""The exit statuses of the program, in one place."""

from __future__ import annotations

from enum import IntEnum


class ExitStatus(IntEnum):
    """What the shell is told; see `MEANINGS`."""

    DONE = 0
    REFUTED = 1
    USER_ERROR = 2
    INCOMPLETE = 3
    FAILED = 4
    NOTHING_EVALUATED = 5
    INTERRUPTED = 130
    READER_LEFT = 141  # what a shell reports of a program that SIGPIPE ended


MEANINGS = {
    ExitStatus.DONE: "everything ran and was judged, whatever the verdicts",
    ExitStatus.REFUTED: "a claim is refuted (only under a policy such as run --strict)",
    ExitStatus.USER_ERROR: "something in your input has to be mended",
    ExitStatus.INCOMPLETE: "incomplete or inconclusive (only under a policy)",
    ExitStatus.FAILED: "a cell or the program failed",
    ExitStatus.NOTHING_EVALUATED: "nothing was evaluated",
    ExitStatus.INTERRUPTED: "interrupted; run it again to go on",
}

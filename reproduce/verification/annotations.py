"""Annotations: commands in a job's output by which GitHub marks the files of claims."""

from __future__ import annotations

import os
from pathlib import Path

from reproduce.report.text import visible
from reproduce.verification.policy import Decision
from reproduce.verification.verify import Verification

MOST = 10
"""GitHub shows ten of one level and drops the rest; the worst come first."""

_LEVELS = {"failed": "error", "refuted": "error", "incomplete": "warning", "excused": "notice"}
_LONGEST_TEXT = 500


def to_annotations(found: Verification, decision: Decision) -> tuple[str, ...]:
    """At most ten lines; all but the worst nine are summed up in the tenth where there are more."""
    files = {planned.claim.id: planned.file for planned in found.run.claims}
    order = list(_LEVELS)
    due = [r for r in decision.rulings if r.judgement in _LEVELS]
    due.sort(key=lambda ruling: order.index(ruling.judgement))
    lines = [
        _command(_LEVELS[r.judgement], files[r.claim], f"{r.claim}: {r.judgement}", r.why)
        for r in due
    ]
    if len(lines) > MOST:
        rest = len(lines) - (MOST - 1)
        lines = [
            *lines[: MOST - 1],
            f"::notice title=reproduce::and {rest} more; see the job summary",
        ]
    return tuple(lines)


def _command(level: str, file: str, title: str, message: str) -> str:
    shown = visible(message)[:_LONGEST_TEXT]
    return f"::{level} file={_property(_relative(file))},title={_property(title)}::{_data(shown)}"


def _relative(file: str) -> str:
    path = Path(file)
    return os.path.relpath(path) if path.is_absolute() else file


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")

"""Where reports lie, and how they are written."""

from __future__ import annotations

import re
from pathlib import Path

from reproduce.atomic import write_over
from reproduce.nouns.run import Run

REPORTS = Path("reports")


def report_path(run: Run, suffix: str = ".html") -> Path:
    """Where the report of a run lies by default: named after its claim, or after the run."""
    name = run.claims[0].claim.id if len(run.claims) == 1 else run.id
    safe = re.sub(r"[^A-Za-z0-9._-]", "_", name).lstrip(".") or "report"
    return REPORTS / f"{safe}{suffix}"


def write(path: Path, text: str) -> None:
    """Write a whole file or nothing."""
    write_over(path, text.encode())

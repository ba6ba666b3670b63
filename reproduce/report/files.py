"""Where reports lie, and how they are written."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from reproduce.nouns.run import Run

REPORTS = Path("reports")


def report_path(run: Run, suffix: str = ".html") -> Path:
    """Where the report of a run lies by default: named after its claim, or after the run."""
    name = run.claims[0].claim.id if len(run.claims) == 1 else run.id
    safe = re.sub(r"[^A-Za-z0-9._-]", "_", name).lstrip(".") or "report"
    return REPORTS / f"{safe}{suffix}"


def write(path: Path, text: str) -> None:
    """Write a whole file or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        # mkstemp makes files that only their owner can read; a report is meant for others.
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _umask() -> int:
    # The mask can only be read by setting it.
    mask = os.umask(0o022)
    os.umask(mask)
    return mask

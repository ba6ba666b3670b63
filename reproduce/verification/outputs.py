"""Writes everything that continuous integration wants of a verification into one folder."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from reproduce.report.files import write
from reproduce.verification.badge import to_badge
from reproduce.verification.junit import to_junit
from reproduce.verification.policy import Decision
from reproduce.verification.quarantine import Excuse
from reproduce.verification.step_summary import flips, to_issue, to_summary
from reproduce.verification.verify import Verification


def write_outputs(
    folder: Path,
    found: Verification,
    decision: Decision,
    excused: Mapping[str, Excuse],
    expired: Sequence[Excuse] = (),
) -> None:
    """Write junit.xml, summary.md, badge.json, verification.json and issue.md.

    `issue.md` is empty unless a verdict has changed from what is accepted.
    """
    flipped = flips(found, excused)
    files = {
        "junit.xml": to_junit(found, excused),
        "summary.md": to_summary(found, decision, excused, expired),
        "badge.json": to_badge(found, decision),
        "verification.json": json.dumps(as_json(found, decision), indent=1) + "\n",
        "issue.md": to_issue(flipped, found),
    }
    for name, text in files.items():
        write(folder / name, text)


def as_json(found: Verification, decision: Decision) -> dict[str, object]:
    """The verification as one document for programs."""
    return {
        "exit_status": decision.status,
        "why": decision.why,
        "rulings": [ruling._asdict() for ruling in decision.rulings],
        "against_baseline": [c.model_dump(mode="json") for c in found.against_baseline],
        "against_last": [c.model_dump(mode="json") for c in found.against_last],
        "failures": [f.model_dump(mode="json") for f in (*found.run.failures, *found.failures)],
        "night": found.night.model_dump(mode="json"),
    }

"""The badge: a few words and a colour, in the format of shields.io endpoints."""

from __future__ import annotations

import json

from reproduce.nouns.evidence import Outcome
from reproduce.verification.policy import Decision
from reproduce.verification.verify import Verification

_COLOURS = {0: "brightgreen", 1: "red", 3: "yellow", 4: "critical", 5: "lightgrey"}
_COUNTED = (Outcome.SUPPORTED, Outcome.REFUTED, Outcome.INCONCLUSIVE, Outcome.ERROR)


def to_badge(found: Verification, decision: Decision) -> str:
    """`12 supported, 3 refuted, 2 inconclusive`, always with the evidence level."""
    outcomes = [standing.outcome for standing in found.night.standings]
    counts = [f"{n} {o}" for o in _COUNTED if (n := outcomes.count(o))]
    level = str(found.run.setting.evidence)
    content = {
        "schemaVersion": 1,
        "label": f"claims ({level})",
        "message": ", ".join(counts) or "nothing evaluated",
        "color": _COLOURS[decision.status],
        "isError": decision.status in (1, 4),
    }
    return json.dumps(content, indent=1) + "\n"

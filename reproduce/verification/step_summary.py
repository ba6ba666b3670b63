"""The Markdown of a verification, for a job's summary page and for the issue about a flip."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from reproduce.judge.words import OUTCOMES
from reproduce.report.text import visible
from reproduce.verification.comparison import Change, shown
from reproduce.verification.policy import Decision
from reproduce.verification.quarantine import Excuse
from reproduce.verification.verify import Verification

MAX_BYTES = 900_000
"""Below the MiB above which GitHub drops a step's summary without a word."""

_LONGEST_TEXT = 300
_PLAIN = {"verdict": "verdict", "estimate": "estimate", "environment": "environment"}


def to_summary(
    found: Verification,
    decision: Decision,
    excused: Mapping[str, Excuse],
    expired: Sequence[Excuse] = (),
) -> str:
    """The table first, then changes, what was run again, and the quarantine; at most 900 kB."""
    night = found.night
    changed = {kind: {c.claim for c in found.against_baseline if c.kind == kind} for kind in _PLAIN}
    rows = [
        (
            f"{OUTCOMES[s.outcome].symbol} {OUTCOMES[s.outcome].word}",
            _plain(s.claim),
            _plain(s.evidence),
            _plain(shown(s.estimate)),
            _state(s.claim, decision, excused),
            ", ".join(kind for kind in _PLAIN if s.claim in changed[kind]) or "none",
        )
        for s in night.standings
    ]
    parts = [
        f"## Claims in setting {_plain(night.setting)}, night {night.number}",
        *_table(("verdict", "claim", "evidence", "estimate", "policy", "changed"), rows),
        "",
        f"**{_plain(decision.why)}** (exit status {decision.status}).",
        "",
        *_changes("Changed from what is accepted", found.against_baseline),
        *_changes("Changed from the night before", found.against_last),
        *_run_again(found),
        *_quarantine(excused, expired),
        f"Environment: {_plain(night.environment)}. {_commit(found)}",
    ]
    return _cut("\n".join(parts) + "\n")


def to_issue(changes: Sequence[Change], found: Verification) -> str:
    """The body of the one issue that is kept open while something has flipped; empty if not."""
    if not changes:
        return ""
    lines = [
        f"Night {found.night.number} in setting {_plain(found.night.setting)} "
        f"({_plain(found.night.started)}) has verdicts that are not the accepted ones:",
        "",
        *(f"- {_plain(change.text)}" for change in changes),
        "",
        "If this is right: `reproduce accept CLAIM --reason ...` and commit the baseline.",
    ]
    return _cut("\n".join(lines) + "\n")


def flips(found: Verification, excused: Mapping[str, Excuse]) -> tuple[Change, ...]:
    """Verdicts that changed from what is accepted, those in quarantine aside.

    In the tier `push` a claim that has not run is no change.
    """
    outcomes = {s.claim: s.outcome for s in found.night.standings}
    unrun = {c for c, outcome in outcomes.items() if outcome == "not run"}
    return tuple(
        change
        for change in found.against_baseline
        if change.kind == "verdict" and change.claim not in excused and change.claim not in unrun
    )


def _state(claim: str, decision: Decision, excused: Mapping[str, Excuse]) -> str:
    ruling = next(r for r in decision.rulings if r.claim == claim)
    return f"excused until {excused[claim].until}" if claim in excused else ruling.judgement


def _changes(title: str, changes: Sequence[Change]) -> list[str]:
    if not changes:
        return []
    return [f"### {title}", "", *(f"- {_plain(change.text)}" for change in changes), ""]


def _run_again(found: Verification) -> list[str]:
    night, same = found.night, sum(check.same for check in found.night.rechecks)
    lines = [f"- {same} of {len(night.rechecks)} stored cells came out the same when run again"]
    lines += [f"- **differs**: {_plain(c.title)} ({c.cell})" for c in night.rechecks if not c.same]
    lines += [
        f"- failed: {_plain(f.title)}: {_plain(f.error)}"
        for f in (*found.run.failures, *found.failures)
    ]
    if night.renewed:
        lines.append(f"- {night.renewed} cells of another environment were replaced")
    if night.left:
        lines.append(f"- {night.left} cells are left for a later night")
    trained = f"- {found.run.trained} cells trained, {found.run.reused} reused"
    return ["### Cells", "", trained, *lines, ""]


def _quarantine(excused: Mapping[str, Excuse], expired: Sequence[Excuse]) -> list[str]:
    if not excused and not expired:
        return []
    lines = [f"- {e.claim} until {e.until}: {_plain(e.reason)}" for e in excused.values()]
    lines += [f"- **expired** on {e.until}: {e.claim}: {_plain(e.reason)}" for e in expired]
    return ["### Quarantine", "", *lines, ""]


def _commit(found: Verification) -> str:
    return f"Commit {_plain(found.night.commit)}." if found.night.commit else ""


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [header, ["---"] * len(header), *rows]
    return ["| " + " | ".join(line) + " |" for line in lines]


def _plain(text: str) -> str:
    """Strangers' text as text: no markup, no mention, no line break."""
    flat = " ".join(visible(text).split())
    flat = flat if len(flat) <= _LONGEST_TEXT else f"{flat[:_LONGEST_TEXT]} ..."
    flat = flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    flat = re.sub(r"([\\`*_\[\]|~#!])", r"\\\1", flat)
    # An @ before a letter would send somebody a mail; the joiner keeps the two apart.
    return flat.replace("@", "@\N{WORD JOINER}").replace("://", ":\N{WORD JOINER}//")


def _cut(text: str) -> str:
    data = text.encode()
    if len(data) <= MAX_BYTES:
        return text
    note = "\n\n(cut: the rest is in the report)\n"
    kept = data[: MAX_BYTES - len(note.encode())].decode(errors="ignore")
    return kept.rpartition("\n")[0] + note

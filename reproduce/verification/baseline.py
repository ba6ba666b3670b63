"""The baseline: verdicts that a person accepted, kept in the repository beside the claims."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from reproduce.errors import Problem, SpecErrors, UserError
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.night import Accepted, Baseline, Night, Standing
from reproduce.registry import did_you_mean
from reproduce.report.files import write

BASELINE = Path("reports/baseline.json")
"""Where the baseline lies, below the working folder."""

_MAX_BYTES = 16 * 2**20
_NOT_ACCEPTABLE = {Outcome.ERROR, Outcome.NOT_RUN}


def load_baseline(path: Path) -> Baseline:
    """The baseline in a file; empty where there is none.

    Raises:
        SpecErrors: the file is not a baseline.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
        if len(data) > _MAX_BYTES:
            raise ValueError(f"larger than {_MAX_BYTES // 2**20} MiB")
        return Baseline.model_validate_json(data)
    except FileNotFoundError:
        return Baseline()
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise _broken(path, key, first["msg"]) from error
    except (OSError, ValueError, RecursionError) as error:
        raise _broken(path, "", str(error)) from error


def _broken(path: Path, key: str, found: str) -> SpecErrors:
    return SpecErrors(
        [
            Problem(
                str(path),
                None,
                key,
                found,
                allowed="what `reproduce accept` writes",
                next_step="take it from version control again, or delete it and accept anew",
            )
        ]
    )


def save_baseline(path: Path, baseline: Baseline) -> None:
    """Write a baseline so that version control shows what changed line by line."""
    content = baseline.model_dump(mode="json", exclude_defaults=False)
    write(path, json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def accepted_standings(baseline: Baseline, setting: str) -> dict[str, Standing]:
    """Claim -> what is accepted of it in a setting."""
    return {claim: a.standing for claim, a in baseline.settings.get(setting, {}).items()}


def accept(
    baseline: Baseline, night: Night, *, reason: str, claims: Collection[str] | None = None
) -> Baseline:
    """The baseline with the standings of a night taken over.

    Args:
        baseline: what was accepted before.
        night: the verification to accept.
        reason: why, in words.
        claims: which claims; None for all of the night. Those that the book has no more are then
            dropped, and those that did not run keep what was accepted before.

    Raises:
        UserError: no reason, a claim that the night does not have, or one without a verdict.
    """
    if not reason.strip():
        raise UserError("a reason is needed", where="--reason", allowed="why this is accepted")
    before = baseline.settings.get(night.setting, {})
    standings = {standing.claim: standing for standing in night.standings}
    named = set(standings) if claims is None else set(claims)
    _check_named(named, standings, night)
    unusable = sorted(c for c in named if standings[c].outcome in _NOT_ACCEPTABLE)
    if claims is not None and unusable:
        raise UserError(
            f"{', '.join(unusable)} has no verdict to accept: {standings[unusable[0]].outcome}",
            where=f"night {night.id}",
            next_step="reproduce verify, with a budget that lets it finish",
        )
    now = datetime.now(UTC).isoformat(timespec="seconds")
    new = {
        claim: Accepted(standing=standings[claim], accepted=now, reason=reason, night=night.id)
        for claim in named - set(unusable)
        if claim not in before or before[claim].standing != standings[claim]
    }
    kept = before if claims is not None else {c: a for c, a in before.items() if c in standings}
    settings = {**baseline.settings, night.setting: {**kept, **new}}
    return baseline.model_copy(update={"settings": settings})


def _check_named(named: set[str], standings: dict[str, Standing], night: Night) -> None:
    for claim in sorted(named - set(standings)):
        raise UserError(
            f"{claim!r} was not verified",
            where=f"night {night.id}",
            allowed=", ".join(standings),
            next_step=did_you_mean(claim, standings, "reproduce verify claims/"),
        )

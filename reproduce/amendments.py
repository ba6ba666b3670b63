"""Amendments: what a claim was expected to show in earlier runs, where that differs from now."""

from __future__ import annotations

from collections.abc import Iterator

from reproduce.nouns.claim import CRITERION, Claim, criterion_digest
from reproduce.nouns.run import PlannedClaim
from reproduce.nouns.verdict import Amendment
from reproduce.store import Store, runs


def amendments(store: Store, claim: Claim) -> tuple[Amendment, ...]:
    """Every other criterion under which this claim was run in this store, oldest first.

    Runs that were cut down for a first impression do not count: they are no evidence.
    """
    now = criterion_digest(claim)
    found: dict[str, Amendment] = {}
    for id in runs.ids(store):
        run = runs.load(store, id)
        for planned in run.claims if not run.watermark else ():
            before = criterion_digest(planned.claim)
            if planned.claim.id == claim.id and before != now and run.trained + run.reused:
                found[before] = Amendment(
                    run=run.id,
                    when=run.started,
                    before=before,
                    changes=tuple(_changes(planned, claim)),
                )
    return tuple(found.values())


def _changes(planned: PlannedClaim, claim: Claim) -> Iterator[str]:
    before = _flat(planned.claim.model_dump(mode="json", include=set(CRITERION)))
    after = _flat(claim.model_dump(mode="json", include=set(CRITERION)))
    for key in sorted({*before, *after}):
        if before.get(key) != after.get(key):
            yield f"{key}: {before.get(key)!r} -> {after.get(key)!r}"


def _flat(value: object, key: str = "") -> dict[str, object]:
    if not isinstance(value, dict):
        return {key: value}
    return {
        k: v
        for name, inner in value.items()
        for k, v in _flat(inner, f"{key}.{name}" if key else name).items()
    }

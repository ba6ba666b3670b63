"""Amendments: what a claim was expected to show in earlier runs, where that differs from now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reproduce.nouns.base import digest
from reproduce.nouns.claim import CRITERION, Claim, criterion_digest
from reproduce.nouns.verdict import Amendment
from reproduce.store import Store, runs


def amendments(store: Store, claims: Sequence[Claim]) -> dict[str, tuple[Amendment, ...]]:
    """Every other criterion under which each claim was run in this store, oldest first.

    The store is read once for all claims. Runs that were cut down for a first impression do
    not count: they are no evidence.
    """
    now = {claim.id: claim for claim in claims}
    digests = {claim.id: criterion_digest(claim) for claim in claims}
    found: dict[str, dict[str, Amendment]] = {claim.id: {} for claim in claims}
    for run in runs.criteria(store):
        for id in run.claims.keys() & now.keys() if run.counts else ():
            before = digest(run.claims[id])
            if before != digests[id]:
                found[id][before] = Amendment(
                    run=run.run,
                    when=run.started,
                    before=before,
                    changes=tuple(_changes(run.claims[id], now[id])),
                )
    return {id: tuple(each.values()) for id, each in found.items()}


def _changes(old: Mapping[str, object], claim: Claim) -> Iterator[str]:
    before = _flat(dict(old))
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

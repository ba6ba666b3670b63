"""Which stored cells a night runs again: those of another environment, and a rotating share."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence

from reproduce.nouns.base import digest
from reproduce.nouns.night import Night


def stale(stored: Iterable[str], environments: Mapping[str, str], here: str) -> tuple[str, ...]:
    """Ids of the cells whose records come from another environment than this one.

    Where the environment is not known any more, a cell is not stale: unknown is not different.
    """
    return tuple(sorted(id for id in stored if environments.get(id, here) != here))


def rotating_sample(
    candidates: Collection[str], nights: Sequence[Night], share: float
) -> tuple[str, ...]:
    """The share of cells that were not compared for the longest time, at least one if there is any.

    Nights are counted, not dated, so that a clock that jumps changes nothing. Among cells that
    were never compared a hash decides, so that the share is spread over claims and tasks.
    """
    if not candidates or share <= 0:
        return ()
    last = {check.cell: night.number for night in nights for check in night.rechecks}
    ranked = sorted(candidates, key=lambda id: (last.get(id, 0), digest(id)))
    return tuple(ranked[: math.ceil(share * len(ranked))])


def promotable(
    renewed: Collection[str], stale: Collection[str], claims: Iterable[Collection[str]]
) -> frozenset[str]:
    """The renewed cells that may take the place of their stale records.

    A claim moves to the new environment as a whole, with all claims that share a stale cell with
    it, since arms of different environments must not be compared.

    Args:
        renewed: cells that have a record of this environment.
        stale: all cells that should get one.
        claims: the cell ids of each claim.
    """
    waiting = [set(ids) & set(stale) for ids in claims]
    held = {id for ids in waiting if not ids <= set(renewed) for id in ids}
    while more := {id for ids in waiting if ids & held for id in ids} - held:
        held |= more
    return frozenset(set(renewed) & set(stale) - held)

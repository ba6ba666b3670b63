"""Runs stored cells again in a store beside the store, and compares the bytes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from reproduce.nouns.base import digest
from reproduce.nouns.cell import Cell
from reproduce.nouns.night import Recheck
from reproduce.nouns.run import Failure
from reproduce.schedule import Event, Options, cell_title, execute
from reproduce.session import Prepared
from reproduce.store import Store, logs
from reproduce.verification.selection import promotable


@dataclass(frozen=True)
class Again:
    """What came of running stored cells again.

    Attributes:
        rechecks: the cells of the sample that were finished, and whether they came out the same.
        renewed: stale cells whose records are by now of this environment.
        waiting: stale cells that are not, or whose claims still wait for others.
        failures: cells that failed.
        left: cells that the budget left for later.
        interrupted: somebody ended it.
    """

    rechecks: tuple[Recheck, ...] = ()
    renewed: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    left: int = 0
    interrupted: bool = False


def run_again(
    prepared: Prepared,
    *,
    sample: Collection[str],
    stale: Collection[str],
    here: str,
    options: Options,
    on_event: Callable[[Event], None],
) -> Again:
    """Run the sample and the stale cells again, compare the one and renew the other.

    Stale cells wait beside the store, over several nights if need be, until their claims can move
    to the new environment as a whole.

    Raises:
        StoreError: the store cannot be written.
    """
    if not sample and not stale:
        return Again()
    store, cells = prepared.request.store, prepared.plan.cells
    beside = store.beside(f"again/{digest(here)[:16]}")
    for id in sample:
        beside.discard(id)  # of an earlier night: it is to be computed, not read
    summary = execute(
        [cells[id] for id in (*sample, *stale)],
        prepared.whereabouts,
        beside,
        options=options,
        on_event=on_event,
    )
    finished = {*summary.done, *summary.reused}
    rechecks = _compare(store, beside, {id: cells[id] for id in sample if id in finished})
    designs = [prepared.plan.ids_of(design) for design in prepared.plan.designs]
    renewed = promotable(finished & set(stale), stale, designs)
    _promote(store, beside, sorted(renewed))
    return Again(
        rechecks=rechecks,
        renewed=tuple(sorted(renewed)),
        waiting=tuple(sorted(set(stale) - renewed)),
        failures=summary.failed,
        left=len(summary.not_run),
        interrupted=summary.interrupted,
    )


def _compare(store: Store, beside: Store, sample: dict[str, Cell]) -> tuple[Recheck, ...]:
    checks = []
    for id, cell in sample.items():
        same = store.get(id) == beside.get(id)
        checks.append(Recheck(cell=id, title=cell_title(cell), same=same))
        if same:
            beside.discard(id)  # what differs is kept for whoever looks into it
    return tuple(checks)


def _promote(store: Store, beside: Store, ids: Iterable[str]) -> None:
    for id in ids:
        data = beside.get(id)
        assert data is not None, "it was finished a moment ago"
        if store.get(id) != data:
            store.supersede(id, data)
        # The log comes last: until it is there, a night that was killed here does it again.
        for attempt in logs.read(beside, id):
            logs.copy_provenance(beside, store, attempt.provenance)
            logs.append(store, id, attempt)
        beside.discard(id)

"""The ledger of one call: turns results into records, log lines and events, and counts them."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Literal

from reproduce.nouns.cell import Cell, cell_id
from reproduce.nouns.record import Record
from reproduce.nouns.run import Failure
from reproduce.provenance import collect
from reproduce.schedule.attempt import Result
from reproduce.schedule.events import Event, Failed, Finished, Started, Summary, cell_title
from reproduce.store import Store, logs, records
from reproduce.store.index import Index

_LOG = logging.getLogger(__name__)

ScoreOf = Callable[[Record], str]


class Ledger:
    """Keeps the books of one call; all writing to the store happens here, in the driver."""

    def __init__(
        self,
        store: Store,
        *,
        executor: str,
        attempts: int,
        on_event: Callable[[Event], None],
        score_of: ScoreOf,
    ):
        self._store = store
        self._index = Index(store)
        self._executor = executor
        self._attempts = attempts
        self._on_event = on_event
        self._score_of = score_of
        self._provenance = ""
        self._tries: Counter[str] = Counter()
        self._done: list[str] = []
        self._reused: list[str] = []
        self._failed: dict[str, Failure] = {}

    def take_stored(self, cells: Sequence[Cell]) -> list[Cell]:
        """Count the cells whose record is stored and whole; the others are returned."""
        missing = []
        for cell in cells:
            record = records.load(self._store, cell_id(cell))
            if record is None:
                missing.append(cell)
            else:
                self._reused.append(cell_id(cell))
                self._on_event(Finished(cell, 0.0, self._score_of(record), reused=True))
        return missing

    def started(self, cell: Cell) -> None:
        """A worker begins with the cell."""
        self._on_event(Started(cell))

    def take(self, cell: Cell, result: Result) -> bool:
        """Enter what a worker handed over; says whether the cell needs another attempt.

        Raises:
            StoreError: the store cannot be written.
        """
        if result.error:
            return self._failure(cell, result, "failed")
        self._store_record(cell, result)
        return False

    def died(self, cell: Cell, result: Result, *, timed_out: bool) -> bool:
        """Enter an attempt that ended with its worker; says whether another is due."""
        return self._failure(cell, result, "timed out" if timed_out else "died")

    def summary(self, cells: Sequence[Cell], *, interrupted: bool) -> Summary:
        """What became of the cells."""
        known = {*self._done, *self._reused, *self._failed}
        return Summary(
            done=tuple(self._done),
            reused=tuple(self._reused),
            failed=tuple(self._failed.values()),
            not_run=tuple(i for cell in cells if (i := cell_id(cell)) not in known),
            interrupted=interrupted,
        )

    def _store_record(self, cell: Cell, result: Result) -> None:
        record = records.decode(result.record)
        if not self._store.put_if_absent(result.cell, result.record):
            self._compare(cell, result)
        self._log(result, "finished")
        self._index.add(result.cell, record, result.seconds, result.started)
        self._done.append(result.cell)
        self._on_event(Finished(cell, result.seconds, self._score_of(record)))

    def _compare(self, cell: Cell, result: Result) -> None:
        # Another run finished the cell meanwhile; its record stands.
        if self._store.get(result.cell) != result.record:
            _LOG.warning(
                "two runs of cell %s (%s) gave different records; the first is kept",
                result.cell,
                cell_title(cell),
            )

    def _failure(
        self, cell: Cell, result: Result, outcome: Literal["failed", "died", "timed out"]
    ) -> bool:
        self._tries[result.cell] += 1
        tries = self._tries[result.cell]
        final = tries >= self._attempts
        self._log(result, outcome)
        if final:
            self._failed[result.cell] = Failure(
                cell=result.cell,
                title=cell_title(cell),
                error=result.error,
                traceback=result.traceback,
                attempts=tries,
            )
        self._on_event(Failed(cell, tries, result.error, final=final))
        return not final

    def _log(
        self, result: Result, outcome: Literal["finished", "failed", "died", "timed out"]
    ) -> None:
        if not self._provenance:
            self._provenance = logs.save_provenance(self._store, collect())
        line = logs.Attempt(
            started=result.started,
            seconds=result.seconds,
            outcome=outcome,
            host=result.host,
            pid=result.pid,
            executor=self._executor,
            devices=result.devices,
            error=result.error,
            traceback=result.traceback,
            provenance=self._provenance,
        )
        logs.append(self._store, result.cell, line)


def now() -> str:
    """UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")

"""The ledger of one call: turns results into records, log lines and events, and counts them."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Literal

from reproduce.nouns.cell import Cell, cell_id
from reproduce.nouns.record import Record
from reproduce.nouns.run import Failure
from reproduce.schedule.attempt import Result, environment_here
from reproduce.schedule.events import Event, Failed, Finished, Started, Summary, cell_title
from reproduce.schedule.options import Options
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
        options: Options,
        on_event: Callable[[Event], None],
        score_of: ScoreOf,
        kept: dict[str, Record],
    ):
        self._store = store
        self._index = Index(store)
        self._options = options
        self._attempts = options.retries + 1
        self._begun = time.monotonic()  # a wall clock may jump
        self._gpu_seconds = 0.0
        self._on_event = on_event
        self._score_of = score_of
        self._kept = kept
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
                self._kept[cell_id(cell)] = record
                self._on_event(Finished(cell, 0.0, self._score_of(record), reused=True))
        return missing

    @property
    def spent(self) -> bool:
        """Whether the budget of the call is used up, so that no further cell may begin."""
        wall, gpu = self._options.max_seconds, self._options.max_gpu_seconds
        late = wall is not None and time.monotonic() - self._begun >= wall
        return late or (gpu is not None and self._gpu_seconds >= gpu)

    def started(self, cell: Cell) -> None:
        """A worker begins with the cell."""
        self._on_event(Started(cell))

    def take(self, cell: Cell, result: Result) -> bool:
        """Enter what a worker handed over; says whether the cell needs another attempt.

        Raises:
            StoreError: the store cannot be written.
        """
        self._gpu_seconds += result.seconds * self._options.gpus_per_cell
        if result.error:
            return self._failure(cell, result, "timed out" if result.timed_out else "failed")
        self._store_record(cell, result)
        return False

    def died(self, cell: Cell, result: Result, *, timed_out: bool) -> bool:
        """Enter an attempt that ended with its worker; says whether another is due."""
        self._gpu_seconds += result.seconds * self._options.gpus_per_cell
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
            gpu_seconds=self._gpu_seconds,
        )

    def _store_record(self, cell: Cell, result: Result) -> None:
        clock = time.perf_counter()
        record = records.decode(result.record)
        if not self._store.put_if_absent(result.cell, result.record):
            self._compare(cell, result)
        self._log(result, "finished", store=time.perf_counter() - clock)
        self._index.add(result.cell, record, _cost(result), result.started)
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
        self,
        result: Result,
        outcome: Literal["finished", "failed", "died", "timed out"],
        **timings: float,
    ) -> None:
        # A worker that died says nothing of its machine any more.
        provenance = logs.save_provenance(self._store, result.provenance or environment_here())
        line = logs.Attempt(
            started=result.started,
            seconds=result.seconds,
            core_seconds=_cost(result),
            outcome=outcome,
            host=result.host,
            pid=result.pid,
            executor=self._options.executor,
            devices=result.devices,
            error=result.error,
            traceback=result.traceback,
            provenance=provenance,
            timings={k: round(v, 4) for k, v in {**result.timings, **timings}.items()},
        )
        logs.append(self._store, result.cell, line)


def _cost(result: Result) -> float:
    """Core-seconds of a cell; on a GPU, which the processor waits for, all its seconds."""
    on_gpu = bool(result.devices) and result.provenance is not None and result.provenance.gpus
    return round(result.seconds if on_gpu else result.core_seconds, 4)


def now() -> str:
    """UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")

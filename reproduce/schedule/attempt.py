"""One attempt at one cell: runs it where it is called, and says what came of it as plain data."""

from __future__ import annotations

import os
import socket
import time
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from typing import cast

from reproduce.errors import CellError
from reproduce.nouns.cell import Cell, Whereabouts, cell_id
from reproduce.nouns.record import Record
from reproduce.nouns.run import Provenance
from reproduce.provenance import collect
from reproduce.schedule.deadline import TimedOut
from reproduce.store import records

RunCell = Callable[[Cell, Whereabouts], Record]


@dataclass(frozen=True)
class Result:
    """What a worker hands to the driver, which alone writes to the store.

    Exactly one of `record` (encoded) and `error` is not empty.
    """

    cell: str  # id
    started: str  # ISO 8601, UTC
    seconds: float
    record: bytes = b""
    error: str = ""
    traceback: str = ""
    timed_out: bool = False
    core_seconds: float = 0.0  # processor time: the same whatever else the machine does
    timings: dict[str, float] = field(default_factory=dict)  # seconds by phase
    host: str = field(default_factory=socket.gethostname)
    pid: int = field(default_factory=os.getpid)
    devices: str = field(default_factory=lambda: os.environ.get("CUDA_VISIBLE_DEVICES", "all"))
    provenance: Provenance | None = None  # of the worker's machine, which need not be the driver's


@cache
def environment_here() -> Provenance:
    """The environment of this process, found out once."""
    return collect()


def load_run_cell(reference: str) -> RunCell:
    """The function behind `module:function`."""
    module, _, name = reference.partition(":")
    return cast(RunCell, getattr(import_module(module), name))


def warm_up(reference: str) -> None:
    """Import what `module:function` needs, by its module's `warm_up` where it has one."""
    module = import_module(reference.partition(":")[0])
    getattr(module, "warm_up", lambda: None)()


def attempt(
    reference: str,
    cell: Cell,
    whereabouts: Whereabouts,
    limit: AbstractContextManager[None] | None = None,
) -> Result:
    """Run a cell, within `limit`; whatever goes wrong becomes part of the result."""
    started = datetime.now(UTC).isoformat(timespec="milliseconds")
    phases = _Phases()
    data, error, trace, timed_out = b"", "", "", False
    try:
        with limit or nullcontext():
            run = load_run_cell(reference)
            phases.end("load")
            record = run(cell, whereabouts)
            phases.end("compute")
        data = _encoded(record, cell)
        phases.end("encode")
    except (Exception, SystemExit) as caught:
        error = f"{type(caught).__name__}: {caught}".splitlines()[0][:500]
        trace = traceback.format_exc()
        timed_out = isinstance(caught, TimedOut)
    return Result(
        cell=cell_id(cell),
        started=started,
        seconds=phases.elapsed,
        record=data,
        error=error,
        traceback=trace,
        timed_out=timed_out,
        core_seconds=phases.core_seconds,
        timings=phases.seconds,
        provenance=environment_here(),
    )


class _Phases:
    """A stopwatch of the phases of one attempt."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._begun = self._last = time.perf_counter()
        self._worked = time.process_time()

    @property
    def elapsed(self) -> float:
        return time.perf_counter() - self._begun

    @property
    def core_seconds(self) -> float:
        return time.process_time() - self._worked

    def end(self, name: str) -> None:
        now = time.perf_counter()
        self.seconds[name], self._last = now - self._last, now


def _encoded(record: Record, cell: Cell) -> bytes:
    if record.content.cell != cell:
        raise CellError("the record is that of another cell")
    return records.encode(record)

"""One attempt at one cell: runs it where it is called, and says what came of it as plain data."""

from __future__ import annotations

import os
import socket
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from typing import cast

from reproduce.errors import CellError
from reproduce.nouns.cell import Cell, Whereabouts, cell_id
from reproduce.nouns.record import Record
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
    host: str = field(default_factory=socket.gethostname)
    pid: int = field(default_factory=os.getpid)
    devices: str = field(default_factory=lambda: os.environ.get("CUDA_VISIBLE_DEVICES", "all"))


def load_run_cell(reference: str) -> RunCell:
    """The function behind `module:function`."""
    module, _, name = reference.partition(":")
    return cast(RunCell, getattr(import_module(module), name))


def warm_up(reference: str) -> None:
    """Import what `module:function` needs, by its module's `warm_up` where it has one."""
    module = import_module(reference.partition(":")[0])
    getattr(module, "warm_up", lambda: None)()


def attempt(reference: str, cell: Cell, whereabouts: Whereabouts) -> Result:
    """Run a cell; whatever goes wrong becomes part of the result."""
    started, clock = datetime.now(UTC).isoformat(timespec="milliseconds"), time.perf_counter()
    data, error, trace = b"", "", ""
    try:
        data = _encoded(load_run_cell(reference)(cell, whereabouts), cell)
    except (Exception, SystemExit) as caught:
        error = f"{type(caught).__name__}: {caught}".splitlines()[0][:500]
        trace = traceback.format_exc()
    return Result(
        cell=cell_id(cell),
        started=started,
        seconds=time.perf_counter() - clock,
        record=data,
        error=error,
        traceback=trace,
    )


def _encoded(record: Record, cell: Cell) -> bytes:
    if record.content.cell != cell:
        raise CellError("the record is that of another cell")
    return records.encode(record)

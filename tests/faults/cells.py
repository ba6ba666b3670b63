"""A stand-in for `run_cell`: tells where it runs, and misbehaves as its corpus is called."""

from __future__ import annotations

import json
import os
import resource
import time
from pathlib import Path

from reproduce.nouns.cell import Cell, Whereabouts, cell_id
from reproduce.nouns.record import Record
from tests.schedule.fake_runner import make_record

REFERENCE = "tests.faults.cells:run_cell"


def run_cell(cell: Cell, whereabouts: Whereabouts) -> Record:
    """Leave a mark with the process and the node, behave, give the record of the cell."""
    folder = Path(whereabouts.corpora["marks"])
    tries = len(list(folder.glob(f"{cell_id(cell)}.*")))
    mark = {"cell": cell_id(cell), "pid": os.getpid(), "node": _node()}
    path = folder / f"{cell_id(cell)}.{time.time_ns()}"
    partial = path.with_name(f".{path.name}")
    partial.write_text(json.dumps(mark))
    partial.replace(path)
    behaviour = cell.train[0].name
    if behaviour.startswith("slow:"):
        time.sleep(float(behaviour.removeprefix("slow:")))
    elif behaviour == "hang":
        while True:
            time.sleep(0.05)
    elif behaviour == "hungry" and not tries:
        _eat_memory()
    return make_record(cell)


def _node() -> str:
    import sys

    if "ray" not in sys.modules or not sys.modules["ray"].is_initialized():
        return ""
    return str(sys.modules["ray"].get_runtime_context().get_node_id())


def _eat_memory() -> None:
    limit = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (8 * 2**30, limit[1]))
    try:
        eaten = [bytearray(2**30) for _ in range(64)]
        raise AssertionError(f"{len(eaten)} GiB were to be had")
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limit)


def read_marks(folder: Path) -> list[dict]:
    """All marks, in order of time."""
    files = sorted(folder.glob("[!.]*"), key=lambda path: int(path.name.rpartition(".")[2]))
    return [json.loads(path.read_text()) for path in files]

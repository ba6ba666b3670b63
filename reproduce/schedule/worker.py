"""The worker of the executor `ray`: imports once and runs many cells, one Tune trial each."""

from __future__ import annotations

import contextlib
import faulthandler
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ray import tune

from reproduce.nouns.cell import Cell, Whereabouts, cell_id
from reproduce.schedule.attempt import Result, attempt, warm_up
from reproduce.schedule.threads import use_one_thread


@dataclass(frozen=True)
class Work:
    """What all workers of one call are given, once."""

    cells: tuple[Cell, ...]
    whereabouts: Whereabouts
    run_cell: str
    gpus_per_cell: float
    timeout_s: float
    notes: Path  # folder for the last words of workers that are ended


class Worker(tune.Trainable):
    """Runs the cell whose number in `Work.cells` the trial's configuration names.

    Each step is one attempt; the driver's stopper says when a trial has had enough.
    """

    def setup(self, config: dict[str, int], work: Work | None = None) -> None:
        """Prepare the process for many cells."""
        assert work is not None, "given by tune.with_parameters"
        use_one_thread()
        if work.gpus_per_cell == 0:
            os.environ["CUDA_VISIBLE_DEVICES"] = ""
        # Tune moves each trial into a folder of its own, where relative paths mean nothing.
        os.environ["RAY_CHDIR_TO_TRIAL_DIR"] = "0"
        with contextlib.suppress(OSError, KeyError):
            os.chdir(os.environ["TUNE_ORIG_WORKING_DIR"])
        self._work = work
        self._cell = work.cells[config["cell"]]
        with contextlib.suppress(Exception):  # each attempt tells what is wrong with the import
            warm_up(work.run_cell)

    def reset_config(self, config: dict[str, int]) -> bool:
        """Take another cell without a new process."""
        self._cell = self._work.cells[config["cell"]]
        return True

    def step(self) -> dict[str, Result]:
        """Attempt the cell once."""
        work = self._work
        with _deadline(work.timeout_s, note_path(work.notes, self._cell)):
            return {"result": attempt(work.run_cell, self._cell, work.whereabouts)}


def note_path(folder: Path, cell: Cell) -> Path:
    """Where a worker that is ended leaves the stack of the cell that took too long."""
    return folder / f"{cell_id(cell)}.txt"


@contextmanager
def _deadline(seconds: float, note: Path) -> Iterator[None]:
    """End this process when the body takes too long.

    faulthandler's watchdog is a thread in C: it fires even when a hung extension holds the
    interpreter's lock, and it writes down where every thread stood.
    """
    note.parent.mkdir(parents=True, exist_ok=True)
    with note.open("w") as file:
        faulthandler.dump_traceback_later(seconds, exit=True, file=file)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
    note.unlink(missing_ok=True)

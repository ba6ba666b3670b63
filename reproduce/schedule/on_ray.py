"""The executor `ray`: every cell is a trial of Ray Tune, and workers are used again and again."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reproduce.nouns.cell import Cell, Whereabouts, cell_id
from reproduce.schedule.attempt import Result
from reproduce.schedule.cluster import running
from reproduce.schedule.interruption import interruptible
from reproduce.schedule.ledger import Ledger, now
from reproduce.schedule.options import Options


def run_on_ray(
    cells: Sequence[Cell], whereabouts: Whereabouts, ledger: Ledger, options: Options
) -> None:
    """Run cells as Tune trials, in the order given.

    Raises:
        ResourceError: no node can hold a cell.
        StoreError: a record cannot be written; what was finished is stored.
    """
    with running(options) as folder, interruptible():
        try:
            _tune(tuple(cells), whereabouts, ledger, options, folder)
        except _Abort as abort:
            raise abort.reason from None


class _Abort(BaseException):
    """Leaves Tune at once: it would wait for running trials after an ordinary exception."""

    def __init__(self, reason: Exception):
        self.reason = reason
        super().__init__(str(reason))


def _tune(
    cells: tuple[Cell, ...],
    whereabouts: Whereabouts,
    ledger: Ledger,
    options: Options,
    folder: Path,
) -> None:
    from ray import tune

    from reproduce.schedule.worker import Work, Worker

    logging.getLogger("ray").setLevel(logging.CRITICAL)
    work = Work(
        cells=cells,
        whereabouts=whereabouts,
        run_cell=options.run_cell,
        gpus_per_cell=options.gpus_per_cell,
        timeout_s=options.cell_timeout_s,
        notes=folder / "notes",
    )
    desk = _Desk(work.cells, ledger, options.cell_timeout_s, work.notes)
    tune.Tuner(
        tune.with_resources(
            tune.with_parameters(Worker, work=work),
            {"cpu": options.cpus_per_cell, "gpu": options.gpus_per_cell},
        ),
        param_space={"cell": tune.grid_search(list(range(len(cells))))},
        tune_config=tune.TuneConfig(reuse_actors=True, max_concurrent_trials=options.workers or 0),
        run_config=tune.RunConfig(
            storage_path=str(folder / "tune"),
            verbose=0,
            stop=_stopper(desk),
            callbacks=[_callback(desk)],
            checkpoint_config=tune.CheckpointConfig(checkpoint_at_end=False),
            failure_config=tune.FailureConfig(max_failures=options.retries),
        ),
    ).fit()


class _Desk:
    """Where Tune's hooks meet the ledger."""

    def __init__(self, cells: Sequence[Cell], ledger: Ledger, timeout_s: float, notes: Path):
        self._cells = cells
        self._by_id = {cell_id(cell): cell for cell in cells}
        self._ledger = ledger
        self._timeout_s = timeout_s
        self._notes = notes
        self._begun: dict[str, tuple[str, float]] = {}  # id -> when, by date and by clock

    # Tune pickles its callbacks, to restore a run from them. Ours goes on from the store instead,
    # and a display with locks cannot be pickled: what is restored is nothing.
    def __reduce__(self) -> tuple[type[object], tuple[()]]:
        return object, ()

    def __deepcopy__(self, memo: object) -> _Desk:
        return self

    @property
    def spent(self) -> bool:
        """Whether no further cell may begin; Tune then ends the running ones, too."""
        return self._ledger.spent

    def started(self, trial: Any) -> None:
        cell = self._cells[trial.config["cell"]]
        self._begin(cell)

    def result(self, result: Result) -> bool:
        """Take what a worker handed over; says whether the trial is over."""
        cell = self._by_id[result.cell]
        try:
            again = self._ledger.take(cell, result)
        except Exception as error:
            raise _Abort(error) from error
        if again:
            self._begin(cell)
        return not again

    def died(self, trial: Any) -> None:
        """The worker ended with the cell: by the watchdog, by the system, or with its node."""
        cell = self._cells[trial.config["cell"]]
        started, clock = self._begun.get(cell_id(cell), (now(), time.monotonic()))
        seconds = time.monotonic() - clock
        note = self._last_words(cell)
        timed_out = note.startswith("Timeout") or seconds > self._timeout_s
        result = Result(
            cell=cell_id(cell),
            started=started,
            seconds=seconds,
            error=f"no result within {self._timeout_s:g} s; its worker was ended"
            if timed_out
            else "its worker died: killed, out of memory, or its machine is gone",
            traceback=note or _error_text(trial),
            host="",
            pid=0,
            devices="",
        )
        try:
            self._ledger.died(cell, result, timed_out=timed_out)
        except Exception as error:
            raise _Abort(error) from error

    def _begin(self, cell: Cell) -> None:
        self._begun[cell_id(cell)] = (now(), time.monotonic())
        self._ledger.started(cell)

    def _last_words(self, cell: Cell) -> str:
        from reproduce.schedule.worker import note_path

        note = note_path(self._notes, cell)
        try:
            text = note.read_text(errors="replace")
            note.unlink()
        except OSError:
            return ""
        return text


def _error_text(trial: Any) -> str:
    try:
        return Path(trial.error_file).read_text(errors="replace")
    except (OSError, TypeError):  # None where Tune wrote nothing
        return ""


def _stopper(desk: _Desk) -> Any:
    from ray import tune

    class Receive(tune.Stopper):
        """Takes each result as it comes, before Tune keeps it, and ends trials that are done."""

        def __call__(self, trial_id: str, result: dict[str, Any]) -> bool:
            return desk.result(result.pop("result"))

        def stop_all(self) -> bool:
            return desk.spent

    return Receive()


def _callback(desk: _Desk) -> Any:
    from ray import tune

    class Watch(tune.Callback):
        """Tells the desk of trials that begin and of workers that die."""

        def on_trial_start(self, iteration: int, trials: Any, trial: Any, **info: Any) -> None:
            desk.started(trial)

        def on_trial_recover(self, iteration: int, trials: Any, trial: Any, **info: Any) -> None:
            desk.died(trial)

        def on_trial_error(self, iteration: int, trials: Any, trial: Any, **info: Any) -> None:
            desk.died(trial)

    return Watch()

"""Cells that hang or eat all memory in the process of the driver."""

from __future__ import annotations

import threading
import time

import pytest

from reproduce.nouns.cell import Whereabouts, cell_id
from reproduce.schedule import Options, execute
from reproduce.schedule.deadline import TimedOut, deadline
from reproduce.store import Store, logs
from tests.faults import cells
from tests.schedule.fake_runner import make_cell


def run(folder, made, **options):
    (folder / "marks").mkdir(exist_ok=True)
    return execute(
        made,
        Whereabouts(checkpoints={}, corpora={"marks": str(folder / "marks")}),
        Store(folder / "store"),
        options=Options(executor="inline", run_cell=cells.REFERENCE, **options),
    )


def test_a_cell_that_hangs_is_given_up_and_its_siblings_go_on(tmp_path):
    hangs, well = make_cell(1, "hang"), make_cell(2)
    summary = run(tmp_path, [hangs, well], cell_timeout_s=0.3)
    assert summary.done == (cell_id(well),)
    (failure,) = summary.failed
    assert failure.error == "TimedOut: no result within 0.3 s; the cell was interrupted"
    assert "time.sleep" in failure.traceback
    attempts = logs.read(Store(tmp_path / "store"), cell_id(hangs))
    assert [attempt.outcome for attempt in attempts] == ["timed out", "timed out"]


def test_the_deadline_of_one_cell_does_not_reach_the_next(tmp_path):
    made = [make_cell(seed, "slow:0.2") for seed in range(4)]
    assert len(run(tmp_path, made, cell_timeout_s=0.5).done) == 4


def test_a_cell_that_runs_out_of_memory_is_tried_again(tmp_path):
    hungry = make_cell(1, "hungry")
    summary = run(tmp_path, [hungry])
    assert summary.done == (cell_id(hungry),)
    first, second = logs.read(Store(tmp_path / "store"), cell_id(hungry))
    assert (first.outcome, second.outcome) == ("failed", "finished")
    assert first.error.startswith("MemoryError")


def test_the_log_says_how_long_each_phase_took(tmp_path):
    cell = make_cell(1, "slow:0.1")
    run(tmp_path, [cell])
    (attempt,) = logs.read(Store(tmp_path / "store"), cell_id(cell))
    assert set(attempt.timings) == {"load", "compute", "encode", "store"}
    assert 0.1 <= attempt.timings["compute"] <= attempt.seconds


def test_once_the_budget_is_used_up_no_cell_begins(tmp_path):
    made = [make_cell(seed, "slow:0.2") for seed in range(6)]
    summary = run(tmp_path, made, max_seconds=0.3)
    assert 1 <= len(summary.done) <= 2
    assert len(summary.not_run) == 6 - len(summary.done)
    assert run(tmp_path, made).not_run == ()


def test_gpu_time_is_counted_by_the_share_of_a_cell(tmp_path):
    made = [make_cell(seed, "slow:0.2") for seed in range(6)]
    summary = run(tmp_path, made, gpus_per_cell=0.5, max_gpu_seconds=0.15)
    assert len(summary.done) == 2
    assert 0.2 <= summary.gpu_seconds < 1


def test_outside_the_main_thread_there_is_no_deadline_and_no_error():
    seen = []

    def work():
        with deadline(0.01):
            time.sleep(0.05)
        seen.append("done")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == ["done"]


def test_a_deadline_that_is_over_raises_in_the_body():
    with pytest.raises(TimedOut), deadline(0.02):
        time.sleep(5)

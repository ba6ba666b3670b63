"""Tests of the executor `ray`, with a real Ray that believes to have two GPUs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reproduce.errors import ResourceError, StoreError
from reproduce.nouns.cell import cell_id
from reproduce.schedule import Failed, Finished
from reproduce.store import Store, logs, records
from tests.schedule.conftest import Bench
from tests.schedule.fake_runner import make_cell, make_record

pytestmark = [
    # Ray leaves sockets and files to the garbage collector, and warns of its own plans.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

WELL = [make_cell(seed) for seed in range(4)]
FAILS, RECOVERS = make_cell(10, "always fail"), make_cell(11, "fail once")
DIES_ONCE, HANGS = make_cell(12, "die once"), make_cell(13, "hang")


@pytest.fixture(scope="module")
def ray():
    """A Ray of two CPU slots and two GPUs that exist in name only."""
    import ray

    root = str(Path(__file__).parents[2])
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = root  # workers import the pretended cells from there
    ray.init(
        address="local",
        num_cpus=4,
        num_gpus=2,
        include_dashboard=False,
        log_to_driver=False,
        object_store_memory=100_000_000,
    )
    yield ray
    ray.shutdown()
    if before is None:
        del os.environ["PYTHONPATH"]
    else:
        os.environ["PYTHONPATH"] = before


@pytest.fixture(scope="module")
def mixed(ray, tmp_path_factory):
    """One run of cells of every kind: the bench, and the summary."""
    bench = Bench(tmp_path_factory.mktemp("mixed"))
    cells = [FAILS, DIES_ONCE, HANGS, RECOVERS, *WELL]
    summary = bench.execute(cells, executor="ray", cell_timeout_s=3, workers=2)
    return bench, summary


def test_everything_that_can_be_finished_is(mixed):
    _, summary = mixed
    assert set(summary.done) == {cell_id(cell) for cell in [*WELL, RECOVERS, DIES_ONCE]}
    assert {failure.cell for failure in summary.failed} == {cell_id(FAILS), cell_id(HANGS)}
    assert summary.not_run == ()


def test_no_cell_runs_in_the_driver(mixed):
    bench, _ = mixed
    assert os.getpid() not in {mark["pid"] for mark in bench.marks}


def test_a_worker_runs_many_cells(mixed):
    bench, _ = mixed
    pids = {mark["pid"] for cell in [*WELL, FAILS, RECOVERS] for mark in bench.marks_of(cell)}
    assert len(pids) <= 4


def test_records_are_those_of_a_run_in_this_process_to_the_last_bit(mixed):
    bench, _ = mixed
    for cell in [*WELL, RECOVERS, DIES_ONCE]:
        assert bench.store.get(cell_id(cell)) == records.encode(make_record(cell))


def test_a_failure_is_tried_again_and_noted_with_its_traceback(mixed):
    bench, summary = mixed
    (failure,) = (f for f in summary.failed if f.cell == cell_id(FAILS))
    assert (failure.error, failure.attempts) == ("RuntimeError: cell 10 fails", 2)
    assert "in run_cell" in failure.traceback
    assert len(bench.marks_of(FAILS)) == 2


def test_a_cell_past_its_deadline_is_ended_with_the_place_where_it_stood(mixed):
    bench, summary = mixed
    (failure,) = (f for f in summary.failed if f.cell == cell_id(HANGS))
    assert failure.error == "no result within 3 s; its worker was ended"
    assert "fake_runner.py" in failure.traceback
    assert len(bench.marks_of(HANGS)) == 2
    outcomes = [attempt.outcome for attempt in logs.read(bench.store, cell_id(HANGS))]
    assert outcomes == ["timed out", "timed out"]


def test_a_worker_that_dies_is_replaced_and_the_cell_tried_again(mixed):
    bench, _ = mixed
    first, second = bench.marks_of(DIES_ONCE)
    assert first["pid"] != second["pid"]
    outcomes = [attempt.outcome for attempt in logs.read(bench.store, cell_id(DIES_ONCE))]
    assert outcomes == ["died", "finished"]


def test_cells_without_a_gpu_see_none_and_use_one_thread(mixed):
    bench, _ = mixed
    assert {mark["devices"] for mark in bench.marks} == {""}
    assert {mark["threads"] for mark in bench.marks} == {"1"}


def test_workers_stay_in_the_folder_of_the_driver(mixed):
    bench, _ = mixed
    assert {mark["folder"] for mark in bench.marks} == {os.getcwd()}


def test_every_attempt_is_told_of(mixed):
    bench, _ = mixed
    failed = [event for event in bench.events if isinstance(event, Failed)]
    assert sum(event.final for event in failed) == 2
    assert len(failed) == 6
    assert sum(isinstance(event, Finished) for event in bench.events) == 6


def test_what_is_stored_is_not_run_again(mixed):
    bench, _ = mixed
    before = len(bench.marks)
    summary = bench.execute(WELL, executor="ray")
    assert len(summary.reused) == len(WELL)
    assert len(bench.marks) == before


def _most_at_once(marks):
    return max(sum(m["start"] <= mark["start"] < m["end"] for m in marks) for mark in marks)


def _overlapping(marks):
    for i, one in enumerate(marks):
        for other in marks[i + 1 :]:
            if one["start"] < other["end"] and other["start"] < one["end"]:
                yield one, other


def test_whole_gpus_limit_how_many_cells_run_at_once_and_each_sees_its_own(ray, bench):
    cells = [make_cell(seed, "slow:2") for seed in range(4)]
    bench.execute(cells, executor="ray", gpus_per_cell=1)
    assert _most_at_once(bench.marks) == 2  # there are four CPU slots
    pairs = list(_overlapping(bench.marks))
    assert pairs
    assert all({one["devices"], other["devices"]} == {"0", "1"} for one, other in pairs)


@pytest.mark.slow
def test_cells_share_a_gpu_by_fractions(ray, bench):
    cells = [make_cell(seed, "slow:5") for seed in range(3)]
    bench.execute(cells, executor="ray", gpus_per_cell=0.5)
    assert _most_at_once(bench.marks) == 3
    devices = [mark["devices"] for mark in bench.marks]
    assert max(devices.count(device) for device in ("0", "1")) == 2


def test_what_no_machine_holds_is_refused_before_anything_starts(ray, bench):
    with pytest.raises(ResourceError, match="4 CPU slots and 2 GPUs"):
        bench.execute([make_cell(1)], executor="ray", gpus_per_cell=3)
    assert bench.marks == []


def test_a_store_that_fails_ends_the_run_at_once(ray, bench, monkeypatch):
    cells = [make_cell(1), make_cell(2, "slow:60")]

    def refuse(self, id, data):
        raise StoreError("the disk is full")

    monkeypatch.setattr(Store, "put_if_absent", refuse)
    with pytest.raises(StoreError, match="disk is full"):
        bench.execute(cells, executor="ray", workers=1)
    assert len(bench.marks) < 3

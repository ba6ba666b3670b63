"""Tests of the executor `inline`, and of what all executors share."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from reproduce.errors import StoreError
from reproduce.nouns.cell import Whereabouts, cell_id
from reproduce.schedule import Failed, Finished, Options, Started, execute
from reproduce.schedule.interruption import interruptible
from reproduce.store import Store, logs, records
from reproduce.store.index import Index
from tests.schedule import fake_runner
from tests.schedule.fake_runner import make_cell, make_record


def test_a_cell_leaves_its_record_a_log_line_and_an_entry_of_the_index(bench):
    cell = make_cell(1)
    summary = bench.execute([cell], executor="inline")
    id = cell_id(cell)
    assert summary.done == (id,)
    assert bench.store.get(id) == records.encode(make_record(cell))
    (attempt,) = logs.read(bench.store, id)
    assert (attempt.outcome, attempt.executor, attempt.pid) == ("finished", "inline", os.getpid())
    assert (bench.store.folder / "provenance" / f"{attempt.provenance}.json").exists()
    assert [row.id for row in Index(bench.store).rows()] == [id]


def test_a_stored_cell_is_not_run_again(bench):
    cells = [make_cell(1), make_cell(2)]
    bench.execute(cells[:1], executor="inline")
    summary = bench.execute(cells, executor="inline")
    assert (summary.reused, summary.done) == ((cell_id(cells[0]),), (cell_id(cells[1]),))
    assert len(bench.marks_of(cells[0])) == 1


def test_a_corrupt_record_is_run_again(bench):
    cell = make_cell(1)
    bench.execute([cell], executor="inline")
    (path,) = (bench.store.folder / "records").rglob("*.record")
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    summary = bench.execute([cell], executor="inline")
    assert summary.done == (cell_id(cell),)
    assert records.load(bench.store, cell_id(cell)) is not None


def test_cells_that_are_asked_for_twice_run_once(bench):
    summary = bench.execute([make_cell(1), make_cell(1)], executor="inline")
    assert len(summary.done) == len(bench.marks) == 1


def test_a_failure_is_tried_again_then_noted_and_the_siblings_go_on(bench):
    bad, good = make_cell(1, "always fail"), make_cell(2)
    summary = bench.execute([bad, good], executor="inline")
    (failure,) = summary.failed
    assert (failure.attempts, failure.error) == (2, "RuntimeError: cell 1 fails")
    assert "in run_cell" in failure.traceback
    assert summary.done == (cell_id(good),)
    assert not bench.store.has(cell_id(bad))
    assert [a.outcome for a in logs.read(bench.store, cell_id(bad))] == ["failed", "failed"]


def test_a_cell_that_fails_once_is_finished(bench):
    cell = make_cell(1, "fail once")
    summary = bench.execute([cell], executor="inline")
    assert (summary.done, summary.failed) == ((cell_id(cell),), ())
    kinds = [type(event) for event in bench.events]
    assert kinds == [Started, Failed, Started, Finished]


def test_no_retries_means_one_attempt(bench):
    bench.execute([make_cell(1, "always fail")], executor="inline", retries=0)
    assert len(bench.marks) == 1


def test_a_runner_that_cannot_be_imported_is_a_failure_of_each_cell(bench):
    summary = bench.execute([make_cell(1)], executor="inline", run_cell="tests.nowhere:run")
    assert "ModuleNotFoundError" in summary.failed[0].error


def test_the_record_of_another_cell_is_refused(bench):
    summary = bench.execute(
        [make_cell(1)], executor="inline", run_cell=f"{__name__}:run_the_wrong_cell"
    )
    assert summary.failed[0].error == "CellError: the record is that of another cell"


def run_the_wrong_cell(cell, whereabouts):
    return make_record(make_cell(99))


def test_the_score_shown_is_the_mean_over_target_languages(bench):
    cell = make_cell(1)
    bench.execute([cell], executor="inline")
    targets = make_record(cell).statistics[3:]
    expected = 100 * targets[:, 0].sum() / targets[:, 1].sum()
    assert bench.events[-1].score == f"{expected:.1f}"


def test_an_interruption_keeps_what_is_finished_and_says_what_is_left(bench, monkeypatch):
    cells = [make_cell(1), make_cell(2, "slow:30"), make_cell(3)]

    def interrupt_the_second():
        while len(bench.marks) < 2:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGTERM)

    (bench.folder / "marks").mkdir()
    thread = threading.Thread(target=interrupt_the_second)
    thread.start()
    summary = bench.execute(cells, executor="inline")
    thread.join()
    assert summary.interrupted
    assert summary.done == (cell_id(cells[0]),)
    assert summary.not_run == (cell_id(cells[1]), cell_id(cells[2]))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_handlers_of_signals_are_put_back(number):
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), interruptible():
        signal.raise_signal(number)
    assert signal.getsignal(number) == before


def test_a_store_that_cannot_be_written_is_found_before_any_cell_runs(bench, monkeypatch):
    def refuse(self):
        raise StoreError("no")

    monkeypatch.setattr(Store, "check_writable", refuse)
    with pytest.raises(StoreError):
        bench.execute([make_cell(1)], executor="inline")
    assert bench.marks == []


def test_gpus_that_were_hidden_are_visible_again_afterwards(bench, monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3")
    bench.execute([make_cell(1)], executor="inline")
    assert os.environ["CUDA_VISIBLE_DEVICES"] == "3"


def test_stored_records_are_handed_on_so_that_a_judge_need_not_read_them_again(bench):
    made = [make_cell(seed) for seed in range(3)]
    bench.execute(made[:2], executor="inline")
    kept = {}
    execute(
        made,
        Whereabouts(checkpoints={}, corpora={"marks": str(bench.folder / "marks")}),
        bench.store,
        options=Options(executor="inline", run_cell=fake_runner.REFERENCE),
        kept=kept,
    )
    assert set(kept) == {cell_id(cell) for cell in made[:2]}
    assert all(kept[cell_id(cell)].content.cell == cell for cell in made[:2])

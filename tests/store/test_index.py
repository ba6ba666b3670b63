"""Tests of the index, which is never the truth."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from reproduce.nouns.cell import cell_id
from reproduce.store import Store, logs, records
from reproduce.store.index import Index
from reproduce.store.scores import language_scores
from tests.schedule.fake_runner import make_cell, make_record


def _fill(store, count=3):
    for seed in range(count):
        record = make_record(make_cell(seed, task="pos" if seed % 2 else "ner"))
        records.put(store, record)
        attempt = logs.Attempt(started="2025-01-01", seconds=float(seed), outcome="finished")
        logs.append(store, cell_id(record.content.cell), attempt)


def test_the_index_is_made_from_the_records_and_their_logs(store):
    _fill(store)
    rows = Index(store).rows()
    assert [row.id for row in rows] == list(store.ids())
    assert {row.seed: row.seconds for row in rows} == {0: 0.0, 1: 1.0, 2: 2.0}
    for row in rows:
        assert row.scores == language_scores(records.load(store, row.id))


def test_rows_of_one_task_are_found(store):
    _fill(store)
    assert [row.seed for row in Index(store).rows(task="pos")] == [1]


def test_entering_one_by_one_gives_what_rebuilding_gives(store):
    _fill(store)
    index = Index(store)
    for id in store.ids():
        seconds = logs.read(store, id)[0].seconds
        index.add(id, records.load(store, id), seconds, "2025-01-01")
    before = index.rows()
    assert index.rebuild() == 3
    assert index.rows() == before


def test_records_that_come_and_go_are_noticed(store):
    _fill(store)
    index = Index(store)
    assert index.refresh() == 3
    next((store.folder / "records").rglob("*.record")).unlink()
    records.put(store, make_record(make_cell(7)))
    assert {row.id for row in index.rows()} == set(store.ids())


def test_a_record_of_another_version_stays_out_of_the_index_and_where_it_is(store):
    known = Index(store).refresh()
    assert store.put_if_absent("0" * 32, b"a record of a later version")
    assert Index(store).refresh() == known
    assert store.get("0" * 32) == b"a record of a later version"


@pytest.mark.parametrize("damage", [b"", b"not a database at all" * 100])
def test_a_damaged_index_is_made_anew(store, damage):
    _fill(store)
    Index(store).refresh()
    (store.folder / "index.sqlite").write_bytes(damage)
    assert len(Index(store).rows()) == 3


def test_an_index_of_another_version_is_made_anew(store):
    import sqlite3

    _fill(store)
    with sqlite3.connect(store.folder / "index.sqlite") as connection:
        connection.execute("CREATE TABLE cells (old TEXT)")
    connection.close()
    assert len(Index(store).rows()) == 3


def test_the_index_of_a_folder_that_cannot_be_written_is_kept_in_memory(store, monkeypatch):
    _fill(store)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert len(Index(store).rows()) == 3
    assert not (store.folder / "index.sqlite").exists()


def test_a_store_that_is_not_there_has_an_empty_index_and_stays_away(tmp_path):
    index = Index(Store(tmp_path / "none"))
    assert (index.rows(), index.mean_seconds(), index.rebuild()) == ([], {}, 0)
    assert not (tmp_path / "none").exists()


def test_costs_are_means_by_model_and_task(store):
    _fill(store, 4)
    assert Index(store).mean_seconds() == {
        ("fine_tune", "f" * 64, "ner"): 1.0,
        ("fine_tune", "f" * 64, "pos"): 2.0,
    }


WRITER = """
import sys
from reproduce.store import Store, records
from reproduce.store.index import Index
from tests.schedule.fake_runner import cell_id, make_cell, make_record
store = Store(sys.argv[1])
index = Index(store)
for seed in range(int(sys.argv[2]), int(sys.argv[2]) + 20):
    record = make_record(make_cell(seed))
    records.put(store, record)
    index.add(cell_id(record.content.cell), record, 1.0, "2025-01-01")
"""


def test_two_processes_enter_at_once(store, monkeypatch, request):
    monkeypatch.setenv("PYTHONPATH", str(request.config.rootpath))
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(store.folder), first])
        for first in ("0", "20")
    ]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    assert [row.seconds for row in Index(store).rows()] == [1.0] * 40

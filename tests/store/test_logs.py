"""Tests of the run log."""

from __future__ import annotations

import subprocess
import sys

import pytest

from reproduce.environments import environments
from reproduce.provenance import collect
from reproduce.store import logs

ID = "cd" * 16
TRY = logs.Attempt(started="2025-01-01T00:00:00+00:00", seconds=1.5, outcome="finished")


def test_attempts_are_read_in_the_order_they_were_written(store):
    tries = [TRY.model_copy(update={"pid": pid}) for pid in (1, 2)]
    for attempt in tries:
        logs.append(store, ID, attempt)
    assert logs.read(store, ID) == tuple(tries)


def test_a_cell_that_was_never_tried_has_no_attempts(store):
    assert logs.read(store, ID) == ()


def test_a_line_that_was_cut_short_costs_only_itself(store):
    logs.append(store, ID, TRY)
    (path,) = (store.folder / "logs").rglob("*.jsonl")
    path.write_bytes(path.read_bytes() + b'{"started": "2025')
    logs.append(store, ID, TRY)
    assert logs.read(store, ID) == (TRY, TRY)


def test_the_end_of_a_long_traceback_is_kept(store):
    logs.append(store, ID, TRY.model_copy(update={"traceback": "x" * 10**6 + "the cause"}))
    (attempt,) = logs.read(store, ID)
    assert attempt.traceback.endswith("the cause")
    assert len(attempt.traceback) < 10**5


WRITER = """
import sys
from reproduce.store import Store, logs
from tests.store.test_logs import ID, TRY
for _ in range(200):
    logs.append(Store(sys.argv[1]), ID, TRY)
"""


def test_lines_of_two_processes_are_never_mixed(store, monkeypatch, request):
    monkeypatch.setenv("PYTHONPATH", str(request.config.rootpath))
    command = [sys.executable, "-c", WRITER, str(store.folder)]
    writers = [subprocess.Popen(command) for _ in range(2)]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    assert logs.read(store, ID) == (TRY,) * 400


def test_an_environment_is_stored_once(store):
    keys = {logs.save_provenance(store, collect()) for _ in range(2)}
    assert {path.stem for path in (store.folder / "provenance").iterdir()} == keys
    assert len(keys) == 1


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "0" * 31, "0" * 32])
def test_an_environment_that_is_lost_or_forged_is_unknown(store, key):
    logs.append(store, ID, TRY.model_copy(update={"provenance": key}))
    assert logs.load_provenance(store, key) is None
    assert environments(store, [ID]) == {}

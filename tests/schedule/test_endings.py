"""Tests of how a run ends when it is stopped from outside, in processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reproduce.nouns.cell import cell_id
from tests.schedule.conftest import Bench
from tests.schedule.fake_runner import make_cell

PATIENCE = 120.0  # seconds; Ray takes 5 to start, and much more on a busy machine

SCRIPT = """
import sys
from pathlib import Path
from tests.schedule.conftest import Bench
from tests.schedule.test_endings import cells
summary = Bench(Path(sys.argv[1])).execute(cells(), executor="ray", workers=1)
print(len(summary.done), len(summary.not_run), summary.interrupted)
"""


def cells():
    """Two that are quick, and one that is still at work when the run is stopped."""
    return [make_cell(1), make_cell(2), make_cell(3, "slow:300")]


def _start(bench: Bench) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(bench.folder)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _wait(condition, process=None):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        assert process is None or process.poll() is None, process.communicate()
        time.sleep(0.1)


def _third_has_begun(bench):
    return (bench.folder / "marks").is_dir() and len(bench.marks) == 3


def _alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def stopped(bench):
    """A run that got Ctrl-C, as a terminal sends it to all its processes."""
    process = _start(bench)
    _wait(lambda: _third_has_begun(bench), process)
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=PATIENCE)
    return process.returncode, output, errors


def test_ctrl_c_ends_cleanly_and_the_next_run_goes_on_from_there(bench, stopped):
    status, output, errors = stopped
    assert (status, output, errors) == (0, "2 1 True\n", "")
    _wait(lambda: not any(_alive(mark["pid"]) for mark in bench.marks))
    summary = bench.execute([*cells()[:2], make_cell(4)], executor="inline")
    assert (len(summary.reused), len(summary.done)) == (2, 1)
    assert [len(bench.marks_of(cell)) for cell in cells()] == [1, 1, 1]


@pytest.mark.slow
def test_workers_of_a_driver_that_is_killed_end_themselves(bench):
    process = _start(bench)
    _wait(lambda: _third_has_begun(bench), process)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    _wait(lambda: not any(_alive(mark["pid"]) for mark in bench.marks))
    assert sum(bench.store.has(cell_id(cell)) for cell in cells()) == 2

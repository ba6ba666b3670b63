"""Workers, nodes and drivers of a real Ray that die in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from reproduce.nouns.cell import Whereabouts, cell_id
from reproduce.schedule import Options, execute
from reproduce.store import Store, logs, records
from tests.faults import cells
from tests.schedule.fake_runner import make_cell, make_record

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [
    # Ray leaves sockets and files to the garbage collector, and warns of its own plans.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.xdist_group("ray-faults"),
]


def patiently(start, tries: int = 3):
    """Start a node, which Ray gives up after 30 s; on a busy machine that is soon."""
    for left in reversed(range(tries)):
        try:
            return start()
        except Exception as error:
            if not left or "timed out during startup" not in str(error):
                raise
    raise AssertionError("unreachable")


@pytest.fixture(scope="module")
def two_nodes():
    """A cluster of two machines with one CPU slot each, as far as Ray knows."""
    from ray.cluster_utils import Cluster

    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(ROOT)  # workers import the pretended cells from there
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    memory = {"object_store_memory": 100_000_000}
    head = {"num_cpus": 1, "include_dashboard": False, **memory}
    cluster = patiently(lambda: Cluster(initialize_head=True, head_node_args=head))
    second = patiently(lambda: cluster.add_node(num_cpus=1, **memory))
    cluster.wait_for_nodes()
    yield cluster, second
    cluster.shutdown()
    if before is None:
        del os.environ["PYTHONPATH"]
    else:
        os.environ["PYTHONPATH"] = before


def marks(folder: Path) -> list[dict]:
    return cells.read_marks(folder / "marks")


def run(folder: Path, made, **options):
    (folder / "marks").mkdir(exist_ok=True)
    return execute(
        made,
        Whereabouts(checkpoints={}, corpora={"marks": str(folder / "marks")}),
        Store(folder / "store"),
        options=Options(executor="ray", run_cell=cells.REFERENCE, **options),
    )


def when(condition, act, patience: float = 120.0) -> threading.Thread:
    """Do something from another thread as soon as a condition holds."""

    def watch() -> None:
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if found := condition():
                act(found)
                return
            time.sleep(0.05)

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


def test_a_budget_ends_a_run_on_a_cluster_and_the_next_run_goes_on(two_nodes, tmp_path):
    cluster, _ = two_nodes
    made = [make_cell(seed, "slow:1") for seed in range(5)]
    first = run(tmp_path, made, ray_address=cluster.address, workers=1, max_seconds=4)
    # One after the other, so that not all fit, however fast the machine is.
    assert first.failed == () and not first.interrupted
    assert first.not_run and len(first.done) + len(first.not_run) == len(made)
    second = run(tmp_path, made, ray_address=cluster.address, workers=2)
    assert set(second.reused) == set(first.done) and set(second.done) == set(first.not_run)
    store = Store(tmp_path / "store")
    for cell in made:
        assert store.get(cell_id(cell)) == records.encode(make_record(cell))


def test_a_cell_that_runs_out_of_memory_on_a_worker_is_tried_again(two_nodes, tmp_path):
    cluster, _ = two_nodes
    hungry = make_cell(1, "hungry")
    summary = run(tmp_path, [hungry, make_cell(2)], ray_address=cluster.address)
    assert summary.failed == () and len(summary.done) == 2
    attempts = logs.read(Store(tmp_path / "store"), cell_id(hungry))
    assert [a.outcome for a in attempts] == ["failed", "finished"]
    assert attempts[0].error.startswith("MemoryError")


def test_cells_of_a_killed_worker_and_of_a_vanished_node_run_elsewhere(two_nodes, tmp_path):
    cluster, second = two_nodes
    made = [make_cell(seed, "slow:1.5") for seed in range(8)]

    def both_nodes():
        found = marks(tmp_path) if (tmp_path / "marks").is_dir() else []
        return found if len({mark["node"] for mark in found}) == 2 else None

    def strike(found):
        # The worker of the node that stays, in the cell that it began last.
        on_first = [mark for mark in found if mark["node"] != second.node_id]
        os.kill(on_first[-1]["pid"], signal.SIGKILL)  # as the system would for memory
        cluster.remove_node(second, allow_graceful=False)

    striker = when(both_nodes, strike)
    summary = run(tmp_path, made, ray_address=cluster.address, retries=3)
    striker.join()
    assert summary.failed == () and summary.not_run == ()
    store = Store(tmp_path / "store")
    for cell in made:
        assert store.get(cell_id(cell)) == records.encode(make_record(cell))
    outcomes = [a.outcome for cell in made for a in logs.read(store, cell_id(cell))]
    assert outcomes.count("finished") == len(made)
    assert outcomes.count("died") >= 2


DRIVER = """
import sys
from pathlib import Path
from tests.faults.test_ray import run
from tests.schedule.fake_runner import make_cell
run(Path(sys.argv[1]), [make_cell(seed, "slow:0.7") for seed in range(6)], workers=1)
"""


def test_a_driver_that_is_killed_leaves_nothing_behind_and_the_next_run_goes_on(tmp_path):
    driver = subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "RAY_ADDRESS": ""},
        start_new_session=True,
    )
    store = Store(tmp_path / "store")
    end = time.monotonic() + 150
    while len(list(store.ids())) < 2 and time.monotonic() < end:
        assert driver.poll() is None
        time.sleep(0.05)
    started = psutil.Process(driver.pid).children(recursive=True)
    driver.kill()
    driver.wait()
    before = set(store.ids())
    assert len(before) >= 2
    _, alive = psutil.wait_procs(started, timeout=120)
    assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []

    (tmp_path / "marks").rename(tmp_path / "marks-before")
    (tmp_path / "marks").mkdir()
    made = [make_cell(seed, "slow:0.7") for seed in range(6)]
    summary = execute(
        made,
        Whereabouts(checkpoints={}, corpora={"marks": str(tmp_path / "marks")}),
        store,
        options=Options(executor="inline", run_cell=cells.REFERENCE),
    )
    assert set(summary.reused) == before
    assert {mark["cell"] for mark in marks(tmp_path)} == set(summary.done)
    assert len(summary.done) == 6 - len(before)
    for cell in made:
        assert store.get(cell_id(cell)) == records.encode(make_record(cell))

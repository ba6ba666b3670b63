"""A Ray that does not start is told with what to do, and leaves nothing behind."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from reproduce.errors import ResourceError
from reproduce.schedule import Options, cluster

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch):
    """Where temporary files go; short, as sockets want it."""
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    with tempfile.TemporaryDirectory(dir="/tmp") as place:
        monkeypatch.setattr(tempfile, "tempdir", place)
        yield Path(place)


def refusal() -> ResourceError:
    with pytest.raises(ResourceError) as caught, cluster.running(Options()):
        raise AssertionError("it was to be refused")
    return caught.value


SCRIPT = """
import sys, tempfile
from reproduce.errors import ResourceError
from reproduce.schedule import Options, cluster
tempfile.tempdir = sys.argv[1]
cluster._OBJECT_STORE = 1  # bytes: less than Ray can do with
try:
    with cluster.running(Options()):
        pass
except ResourceError as error:
    print(error.text())
"""


def test_too_little_memory_for_ray_is_told_in_its_own_words(folder: Path) -> None:
    # In a process of its own: Ray keeps what it started until the process ends.
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder)], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert "Ray does not start: Attempting to cap object store memory" in done.stdout
    assert "--executor inline" in done.stdout
    assert list(folder.iterdir()) == []


def test_a_process_of_ray_that_does_not_come_up_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ray

    def slow(**options: object) -> None:
        raise Exception("The current node timed out during startup.\nIt has logs.")

    monkeypatch.setattr(ray, "init", slow)
    found = refusal()
    assert found.message == "Ray does not start: The current node timed out during startup."
    assert "memory" in found.next_step and list(folder.iterdir()) == []


def test_no_place_for_temporary_files_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", "/proc")  # where not even root can make a folder
    found = refusal()
    assert "no place for its temporary files" in found.message and "TMPDIR" in found.next_step

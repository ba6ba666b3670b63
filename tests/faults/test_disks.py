"""A disk that is full, a limit on files, bits that flip, and clocks that jump."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reproduce.store import Store, records, runs
from reproduce.store.atomic import remove_stale
from tests.faults.conftest import RUN, Reference, verdicts
from tests.faults.nursery import Nursery
from tests.schedule.fake_runner import cell_id, make_cell, make_record


def one_message(folder: Path) -> str:
    text = (folder / "output.txt").read_text()
    assert "Traceback" not in text
    assert text.count("cannot write the store") + text.count("cannot be used") == 1, text
    assert "next:" in text
    return text


def test_a_limit_on_files_is_one_message_and_the_run_resumes(
    nursery: Nursery, fresh, reference: Reference
) -> None:
    project = fresh()
    smallest = min(len(data) for data in reference.records.values())
    child = nursery.start(project.folder, *RUN, largest_file=smallest // 2)
    assert child.wait() == 2
    assert "ulimit" in one_message(project.folder) or "disk" in one_message(project.folder)
    assert nursery.start(project.folder, *RUN).wait() == 0
    assert project.records() == reference.records
    assert verdicts(project) == reference.verdicts


@pytest.fixture
def small_disk(tmp_path: Path):
    """A file system in memory with room for a few records, where the test may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    size = "size=96k"
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(place)], capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"needs the right to mount: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_is_one_message_and_the_run_resumes_with_more_space(
    nursery: Nursery, fresh, reference: Reference, small_disk: Path
) -> None:
    project = fresh()
    store = ("--store", str(small_disk / "store"))
    assert nursery.start(project.folder, *RUN, *store).wait() == 2
    text = one_message(project.folder)
    assert "space" in text or "full" in text
    kept = {f.name: f.read_bytes() for f in small_disk.rglob("*.record")}
    assert kept.items() <= reference.records.items(), "what is there is whole"
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    assert nursery.start(project.folder, *RUN, *store).wait() == 0
    assert {f.name: f.read_bytes() for f in small_disk.rglob("*.record")} == reference.records


def test_a_flipped_bit_is_found_quarantined_and_made_good(
    nursery: Nursery, fresh, reference: Reference
) -> None:
    project = fresh()
    assert nursery.start(project.folder, *RUN).wait() == 0
    generator = random.Random(0)
    files = sorted((project.folder / ".reproduce" / "records").rglob("*.record"))
    for path in generator.sample(files, 3):
        path.write_bytes(with_a_flipped_bit(path.read_bytes(), generator))
    assert nursery.start(project.folder, *RUN).wait() == 0
    assert project.records() == reference.records
    assert len(list((project.folder / ".reproduce" / "quarantine").iterdir())) == 3
    assert "corrupt" in (project.folder / "output.txt").read_text()


def with_a_flipped_bit(data: bytes, generator: random.Random) -> bytes:
    place = generator.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << generator.randrange(8))]) + data[place + 1 :]


def test_no_flipped_bit_of_a_record_goes_unnoticed(tmp_path: Path) -> None:
    store, cell = Store(tmp_path), make_cell(1)
    records.put(store, make_record(cell))
    id = cell_id(cell)
    (path,) = (store.folder / "records").rglob("*.record")
    whole = path.read_bytes()
    generator = random.Random(1)
    for _ in range(300):
        path.write_bytes(with_a_flipped_bit(whole, generator))
        assert records.load(store, id) is None
    assert len(store.quarantined) == 300


def test_temporary_files_of_the_living_stay_though_the_clock_jumped(tmp_path: Path) -> None:
    host = os.uname().nodename
    for jump in (-10 * 365 * 86400, 10 * 365 * 86400):
        shutil.rmtree(tmp_path / "tmp", ignore_errors=True)
        (tmp_path / "tmp").mkdir()
        ours = tmp_path / "tmp" / f"{host}.{os.getpid()}.00"
        dead = tmp_path / "tmp" / f"{host}.{2**22 + 1}.00"
        for path in (ours, dead):
            path.write_bytes(b"x")
            moment = path.stat().st_mtime + jump
            os.utime(path, (moment, moment))
        assert remove_stale(tmp_path / "tmp") == 1
        assert ours.exists()


def test_the_latest_run_is_the_last_one_though_the_clock_jumped_back(tmp_path: Path) -> None:
    store = Store(tmp_path)
    (tmp_path / "runs").mkdir()
    now = datetime(2026, 1, 1, tzinfo=UTC)
    ids = []
    for when in (now, now + timedelta(days=4000), now, now - timedelta(days=9), now):
        ids.append(runs.fresh_id(store, when, "0" * 8))
        (tmp_path / "runs" / f"{ids[-1]}.json").write_text("{}")
    assert ids == sorted(set(ids))
    assert list(runs.ids(store)) == ids

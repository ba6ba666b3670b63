"""SIGKILL at random moments, then the same command again: nothing is lost, nothing differs."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest

from reproduce.store import Store, records
from tests.faults.conftest import RUN, Reference, verdicts
from tests.faults.nursery import Nursery

KILLS = int(os.environ.get("REPRODUCE_KILLS", "3"))


def whole_records(folder: Path) -> dict[str, int]:
    """Ids of records that can be read, with the number of their file."""
    store = Store(folder / ".reproduce")
    return {
        id: (store.folder / "records" / id[:2] / f"{id}.record").stat().st_ino
        for id in store.ids()
        if records.load(store, id) is not None
    }


@pytest.mark.parametrize("number", range(KILLS))
def test_a_run_that_is_killed_goes_on_as_if_nothing_had_been(
    nursery: Nursery, fresh, reference: Reference, number: int
) -> None:
    project = fresh()
    # One moment in each slice of the run's length, so that few kills cover all of it.
    share = (number + random.Random(number).random()) / KILLS
    child = nursery.start(project.folder, *RUN)
    child.kill_after(share * reference.seconds, signal.SIGKILL)
    assert child.wait() in (-signal.SIGKILL, 0)
    finished = whole_records(project.folder)
    assert not (project.folder / ".reproduce" / "quarantine").exists(), (
        "records are whole or absent"
    )

    assert nursery.start(project.folder, *RUN).wait() == 0
    assert project.records() == reference.records
    assert verdicts(project) == reference.verdicts
    after = whole_records(project.folder)
    assert {id: after[id] for id in finished} == finished, "what was finished is not made again"


def test_a_run_that_is_killed_again_and_again_still_ends(
    nursery: Nursery, fresh, reference: Reference
) -> None:
    project = fresh()
    for number in range(4):
        child = nursery.start(project.folder, *RUN)
        child.kill_after(reference.seconds * (0.3 + 0.1 * number), signal.SIGKILL)
        child.wait()
    assert nursery.start(project.folder, *RUN).wait() == 0
    assert project.records() == reference.records
    assert verdicts(project) == reference.verdicts


def test_the_files_that_a_killed_writer_left_are_ignored_and_cleaned(
    nursery: Nursery, fresh, reference: Reference
) -> None:
    project = fresh()
    scratch = project.folder / ".reproduce" / "tmp"
    scratch.mkdir(parents=True)
    torn = scratch / f"{os.uname().nodename}.{2**22 + 1}.0123456789abcdef"
    torn.write_bytes(b"reproduce-record 1 sha256:")
    old = time.time() - 7200
    os.utime(torn, (old, old))
    assert nursery.start(project.folder, *RUN).wait() == 0
    assert list(scratch.iterdir()) == []
    assert project.records() == reference.records


def test_two_runs_at_once_give_the_records_of_one(
    nursery: Nursery, fresh, reference: Reference
) -> None:
    project = fresh()
    both = [nursery.start(project.folder, *RUN) for _ in range(2)]
    assert [child.wait() for child in both] == [0, 0]
    assert project.records() == reference.records
    assert verdicts(project) == reference.verdicts


def test_sigterm_ends_a_run_cleanly_with_everything_stored(
    nursery: Nursery, fresh, reference: Reference
) -> None:
    project = fresh()
    child = nursery.start(project.folder, *RUN)
    end = time.monotonic() + 120
    while not project.records() and time.monotonic() < end:
        time.sleep(0.01)
    child.kill_after(0, signal.SIGTERM)
    assert child.wait() in (130, 0)
    assert nursery.start(project.folder, *RUN).wait() == 0
    assert project.records() == reference.records

from __future__ import annotations

from pathlib import Path

from reproduce.environments import environments, fingerprint
from reproduce.provenance import collect
from reproduce.store import Store, logs
from reproduce.store.logs import Attempt

CELL = "a" * 32


def finished(store: Store, *, torch: str) -> None:
    here = collect()
    other = here.model_copy(update={"packages": {**here.packages, "torch": torch}})
    key = logs.save_provenance(store, other)
    attempt = Attempt(started="", seconds=1.0, outcome="finished", provenance=key)
    logs.append(store, CELL, attempt)


def test_a_record_is_described_by_what_finished_it_last(tmp_path: Path) -> None:
    store = Store(tmp_path)
    finished(store, torch="1.0")
    finished(store, torch="2.0")
    assert "torch 2.0" in environments(store, [CELL])[CELL]


def test_a_cell_without_a_log_is_unknown_and_not_different(tmp_path: Path) -> None:
    assert environments(Store(tmp_path), [CELL]) == {}


def test_the_commit_is_not_part_of_the_fingerprint() -> None:
    here = collect()
    assert fingerprint(here) == fingerprint(here.model_copy(update={"commit": "other"}))

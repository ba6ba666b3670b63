"""Mutated records, run logs, nights and baselines: quarantined or refused, and nothing else."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from reproduce.errors import UserError
from reproduce.history import append, nights
from reproduce.nouns.cell import cell_id
from reproduce.nouns.night import Baseline
from reproduce.store import CorruptRecord, Store, records
from reproduce.store.envelope import wrap
from reproduce.verification import accept, load_baseline, save_baseline
from tests.fuzz.mutation import mutate_bytes
from tests.schedule.fake_runner import make_cell, make_record
from tests.verification.factory import night, standing

COUNT = int(os.environ.get("REPRODUCE_FUZZ_RECORDS", "300"))
SLOWEST = 2.0

CELL = make_cell(1)
ID = cell_id(CELL)
PAYLOAD = records.encode(make_record(CELL))


def record_file(store: Store) -> Path:
    return store.folder / "records" / ID[:2] / f"{ID}.record"


def test_a_mutated_file_of_a_record_counts_as_absent(tmp_path: Path) -> None:
    store, generator = Store(tmp_path / "store"), random.Random(0)
    whole = wrap(PAYLOAD)
    path = record_file(store)
    path.parent.mkdir(parents=True)
    for _ in range(COUNT // 2):
        changed = mutate_bytes(whole, generator)
        path.write_bytes(changed)
        begun = time.process_time()
        found = records.load(store, ID)
        assert time.process_time() - begun < SLOWEST
        assert (found is None) == (changed != whole)
    assert {p.parent.name for p in tmp_path.rglob("*.record")} <= {"quarantine", ID[:2]}


def test_a_forged_record_with_a_right_checksum_is_read_or_refused(tmp_path: Path) -> None:
    generator, read = random.Random(1), 0
    for _ in range(COUNT // 2):
        changed = mutate_bytes(PAYLOAD, generator)
        begun = time.process_time()
        try:
            records.decode(changed)
            read += 1
        except CorruptRecord:
            pass
        assert time.process_time() - begun < SLOWEST
    assert read < COUNT // 2, "some mutations must matter"


@pytest.mark.parametrize("kind", ["night", "baseline"])
def test_a_mutated_night_or_baseline_is_left_out_or_refused(tmp_path: Path, kind: str) -> None:
    generator, store = random.Random(2), Store(tmp_path / "store")
    one = night([standing(), standing("two")])
    path = append(store, one) if kind == "night" else tmp_path / "baseline.json"
    if kind == "baseline":
        save_baseline(path, accept(Baseline(), one, reason="x"))
    whole = path.read_bytes()
    for _ in range(COUNT // 10):
        path.write_bytes(mutate_bytes(whole, generator))
        if kind == "night":
            assert len(nights(store)) <= 1
        else:
            try:
                load_baseline(path)
            except UserError as error:
                assert "baseline.json" in error.text()

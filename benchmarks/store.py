"""A store with 100,000 records: list, plan and judge one claim, in seconds and megabytes.

Run by hand: python benchmarks/store.py [RECORDS]. The small records of other claims are written
beside those of a toy project, whose claim is then planned and judged through the program.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from reproduce.nouns.cell import cell_id  # noqa: E402
from reproduce.store import Store, records  # noqa: E402
from reproduce.store.envelope import wrap  # noqa: E402
from reproduce.store.index import Index  # noqa: E402
from tests.end_to_end.conftest import make_project  # noqa: E402
from tests.schedule.fake_runner import make_cell, make_record  # noqa: E402

MOST_SECONDS, MOST_MEGABYTES = 5.0, 1000.0


class Measured(NamedTuple):
    what: str
    seconds: float
    megabytes: float


def fill(store: Store, count: int) -> None:
    """Records of as many seeds, written without syncing: the benchmark is of reading."""
    for seed in range(count):
        cell = make_cell(seed, task=("pos", "ner", "xnli", "pawsx")[seed % 4])
        id = cell_id(cell)
        path = store.folder / "records" / id[:2] / f"{id}.record"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(wrap(records.encode(make_record(cell))))


def call(what: str, folder: Path, code: str) -> Measured:
    """Run Python in a process of its own; its wall-clock seconds and most memory."""
    report = (
        "\nimport resource, sys\n"
        "sys.stderr.write(f'\\nMAXRSS {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}')"
    )
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code + report],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - begun
    if done.returncode:
        raise SystemExit(f"{what} failed:\n{done.stderr}")
    return Measured(what, seconds, int(done.stderr.rpartition("MAXRSS ")[2]) / 1024)


def verb(*arguments: str) -> str:
    return (
        "from reproduce.cli import main\n"
        "try:\n"
        f"    main({list(arguments)!r})\n"
        "except SystemExit as end:\n"
        "    assert not end.code, end.code\n"
    )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as scratch:
        project = make_project(Path(scratch) / "project")
        done = project.run()
        assert done.returncode == 0, done.stderr
        store = Store(project.folder / ".reproduce")
        begun = time.perf_counter()
        fill(store, count)
        print(f"{count} records written in {time.perf_counter() - begun:.0f} s")
        begun = time.perf_counter()
        found = Index(store).refresh()
        print(f"index of {found} made in {time.perf_counter() - begun:.0f} s, once")
        time.sleep(3)  # until the folders count as settled
        Index(store).refresh()

        listing = (
            "from reproduce.store import Store\n"
            "from reproduce.store.index import Index\n"
            "print(len(Index(Store('.reproduce')).rows()))\n"
        )
        claim = ("claims/gain.yaml", "--setting", "toy.yaml")
        rows = [
            call("list all records", project.folder, listing),
            call("plan one claim", project.folder, verb("plan", *claim)),
            call("judge one claim", project.folder, verb("judge", *claim)),
        ]
    for row in rows:
        met = row.seconds <= MOST_SECONDS and row.megabytes <= MOST_MEGABYTES
        word = "ok" if met else "MISSED"
        print(f"{row.what:18} {row.seconds:6.2f} s {row.megabytes:6.0f} MB  {word}")
    print(json.dumps([row._asdict() for row in rows]))
    if not all(r.seconds <= MOST_SECONDS and r.megabytes <= MOST_MEGABYTES for r in rows):
        raise SystemExit(1)


if __name__ == "__main__":
    main()

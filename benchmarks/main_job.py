"""Measures the main job against its targets and prints a table.

    python benchmarks/main_job.py            everything, about half an hour on two cores
    python benchmarks/main_job.py --short    two seeds in place of eight

Every figure is of whole processes as a person starts them, in an empty store: wall seconds, and
the largest sum of proportional memory (PSS) over the process and all its descendants.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

REPOSITORY = Path(__file__).resolve().parent.parent
REPRODUCE = Path(sys.executable).parent / "reproduce"


@dataclass(frozen=True)
class Measured:
    seconds: float
    gigabytes: float
    first_score: float | None
    status: int


@dataclass(frozen=True)
class Row:
    what: str
    reached: str
    target: str
    met: bool


def _memory_of_tree(root: psutil.Process) -> int:
    total = 0
    for process in [root, *root.children(recursive=True)]:
        try:
            info = process.memory_full_info()
            total += getattr(info, "pss", info.rss)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return total


def measure(*arguments: str, store: Path, watch_memory: bool = False) -> Measured:
    """Run the console script once; its output is read as it comes."""
    start = time.monotonic()
    process = subprocess.Popen(
        [str(REPRODUCE), *arguments],
        cwd=REPOSITORY,
        env={**os.environ, "REPRODUCE_STORE": str(store)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    peak = 0
    done = threading.Event()

    def sample() -> None:
        nonlocal peak
        root = psutil.Process(process.pid)
        while not done.wait(1.0):
            try:
                peak = max(peak, _memory_of_tree(root))
            except psutil.NoSuchProcess:
                return

    if watch_memory:
        threading.Thread(target=sample, daemon=True).start()
    first = None
    assert process.stdout is not None
    for line in process.stdout:
        if first is None and re.search(r" seed \d+: \d", line):
            first = time.monotonic() - start
    status = process.wait()
    done.set()
    return Measured(time.monotonic() - start, peak / 1e9, first, status)


def best_of(count: int, *arguments: str, store: Path) -> float:
    """Median wall seconds of several runs after one warm-up."""
    measure(*arguments, store=store)
    times = sorted(measure(*arguments, store=store).seconds for _ in range(count))
    return times[len(times) // 2]


def content_of(store: Path) -> dict[str, str]:
    """Digest of every record's bytes."""
    files = sorted((store / "records").rglob("*"))
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in files if f.is_file()}


def mean_cell_seconds(store: Path) -> float:
    """Mean of the successful attempts in the run logs."""
    seconds = []
    for log in (store / "logs").rglob("*.jsonl"):
        for line in log.read_text().splitlines():
            attempt = json.loads(line)
            if attempt["outcome"] == "finished":
                seconds.append(attempt["seconds"])
    return sum(seconds) / len(seconds)


def main() -> None:
    """Measure, print, and exit with 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="two seeds in place of eight")
    options = parser.parse_args()
    few = ["--set", "experiment.seeds.looks=[2]"]
    main_job = ["run", "claims/best_layer.yaml", *(few if options.short else [])]
    rows: list[Row] = []
    scratch = Path(tempfile.mkdtemp(prefix="reproduce-bench-"))

    def row(what: str, value: float, limit: float, unit: str) -> None:
        rows.append(Row(what, f"{value:.2f} {unit}", f"{limit:g} {unit}", value <= limit))
        print(f"  {what}: {value:.2f} {unit} (at most {limit:g})", flush=True)

    try:
        help_seconds = best_of(5, "--help", store=scratch / "none")
        row("reproduce --help", help_seconds, 0.5, "s")
        row("validate claims/", best_of(5, "validate", "claims/", store=scratch / "none"), 1.5, "s")
        quick = measure("run", "claims/best_layer.yaml", "--quick", store=scratch / "quick")
        row("run --quick, cold", quick.seconds, 90, "s")
        cold = measure(*main_job, store=scratch / "cold", watch_memory=True)
        name = "main job, cold" + (" (2 seeds)" if options.short else "")
        row(name, cold.seconds / 60, 15, "min")
        row("  its memory", cold.gigabytes, 3, "GB")
        row("  its mean cell", mean_cell_seconds(scratch / "cold"), 5, "core-s")
        row("  first scores after", cold.first_score or float("inf"), 40, "s")
        again = measure(*main_job, store=scratch / "cold")
        row("main job, all cells stored", again.seconds, 10, "s")
        row("report --html", measure("report", "--html", store=scratch / "cold").seconds, 10, "s")
        inline = ["run", "claims/controls/baseline_against_itself.yaml", *few]
        measure(*inline, "--executor", "inline", store=scratch / "inline")
        measure(*inline, "--executor", "ray", store=scratch / "ray")
        same = content_of(scratch / "inline") == content_of(scratch / "ray") != {}
        rows.append(Row("inline and ray, records", "equal" if same else "DIFFER", "equal", same))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    width = max(len(r.what) for r in rows)
    print(f"\n{'measure':{width}}  {'reached':>12}  {'must reach':>12}")
    for r in rows:
        print(f"{r.what:{width}}  {r.reached:>12}  {r.target:>12}  {'' if r.met else 'MISSED'}")
    sys.exit(0 if all(r.met for r in rows) else 1)


if __name__ == "__main__":
    main()

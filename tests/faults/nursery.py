"""Starts the program many times quickly: imports once, then forks a child for each call.

Run as `python -m tests.faults.nursery`: reads one JSON document a line (folder, arguments, the
largest file in bytes or 0, variables), answers with the child's process id, and with its status
when it has ended. Only the caller kills.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def serve() -> None:
    from reproduce import run_cell  # noqa: F401
    from reproduce.run_cell import warm_up

    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    warm_up()
    print(json.dumps({"ready": True}), flush=True)
    children: dict[int, str] = {}
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            _, status = os.waitpid(order["wait"], 0)
            print(json.dumps({"status": os.waitstatus_to_exitcode(status)}), flush=True)
            continue
        child = os.fork()
        if child == 0:
            _become(order)
        children[child] = line
        print(json.dumps({"pid": child}), flush=True)


def _become(order: dict[str, Any]) -> None:
    status = 70
    try:
        os.setsid()  # its own group, so that a kill reaches all that it started
        os.chdir(order["folder"])
        output = os.open("output.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(output, 1)
        os.dup2(output, 2)
        if size := order.get("largest_file"):
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        os.environ.update(order["variables"])
        if order["store_protocol"]:
            import_module("tests.store.far")
        from reproduce.cli import main

        try:
            main(order["arguments"])
            status = 0
        except SystemExit as end:
            status = int(end.code or 0)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status)


@dataclass(frozen=True)
class Child:
    """One running call of the program."""

    nursery: Nursery
    pid: int

    def wait(self) -> int:
        """Its status; minus the signal's number if one ended it."""
        return int(self.nursery.ask({"wait": self.pid})["status"])

    def kill_after(self, seconds: float, signal: int) -> None:
        """Send a signal to all its processes at a moment, unless it has ended by itself."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(min(0.001, max(0.0, end - time.monotonic())))
        # Between its birth and its own group there is a moment; and it may be over.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal)


class Nursery:
    """The server, from the caller's side."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"},
        )
        assert self._answer() == {"ready": True}

    def start(
        self,
        folder: Path,
        *arguments: str,
        largest_file: int = 0,
        variables: Mapping[str, str] | None = None,
    ) -> Child:
        order = {
            "folder": str(folder),
            "arguments": arguments,
            "largest_file": largest_file,
            "variables": dict(variables or {}),
            "store_protocol": any(each.startswith("afar://") for each in arguments),
        }
        return Child(self, int(self.ask(order)["pid"]))

    def ask(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"the nursery ended with {self._process.poll()}"
        return json.loads(line)


if __name__ == "__main__":
    serve()
    os._exit(0)  # without the seconds that torch takes to leave

"""The program over a store by URL: killed, resumed elsewhere, and every verb that takes one."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

from tests.end_to_end.conftest import Project
from tests.faults.conftest import RUN, Reference
from tests.faults.nursery import Nursery

VERIFY = ("verify", "claims", "--setting", "toy.yaml", "--executor", "inline", "--tier", "push")


def machine(folder: Path, name: str) -> dict[str, str]:
    """What makes a call one of another machine: its own cache."""
    return {"REPRODUCE_CACHE": str(folder / name)}


def records_in(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted((folder / "records").rglob("*.record"))}


def test_a_run_that_is_killed_on_one_machine_goes_on_on_another(
    nursery: Nursery, fresh, reference: Reference, tmp_path: Path
) -> None:
    project: Project = fresh()
    far = tmp_path / "far"
    store = ("--store", f"afar://{far}")
    child = nursery.start(project.folder, *RUN, *store, variables=machine(tmp_path, "one"))
    end = time.monotonic() + 120
    while len(records_in(far)) < 2 and time.monotonic() < end:
        time.sleep(0.01)
    child.kill_after(0, signal.SIGKILL)
    child.wait()
    arrived = records_in(far)
    assert len(arrived) >= 2 and arrived.items() <= reference.records.items()

    second = nursery.start(project.folder, *RUN, *store, variables=machine(tmp_path, "two"))
    assert second.wait() == 0, (project.folder / "output.txt").read_text()
    assert records_in(far) == reference.records
    (manifest,) = (far / "runs").glob("*.json")
    run = json.loads(manifest.read_text())
    assert run["reused"] == len(arrived) and run["trained"] == len(reference.records) - len(arrived)
    found = [{k: v for k, v in each.items() if k != "settle"} for each in run["verdicts"]]
    assert found == reference.verdicts
    assert list((far / "tmp").iterdir()) == [], "no partial file is left"

    # Every verb that takes a store, on a third machine that has nothing.
    def call(*arguments: str) -> str:
        child = nursery.start(
            project.folder, *arguments, *store, variables=machine(tmp_path, "three")
        )
        status, text = child.wait(), (project.folder / "output.txt").read_text()
        assert status == 0 and "Traceback" not in text, text
        return text

    assert f"{len(reference.records)} stored, 0 to train" in call("plan", *RUN[1:4])
    call("judge", *RUN[1:4])
    call("report", "--html")
    call("diff")
    call(*VERIFY, "--policy", "report")
    (claim,) = {verdict["claim"] for verdict in reference.verdicts[:1]}
    assert "1" in call("history", claim)
    assert claim in call("accept", "--all", "--reason", "as it should be")
    assert f"{len(reference.records)} records" in call("doctor")
    outboxes = [p for p in tmp_path.rglob("outbox/*/*") if "one" not in p.parts]
    assert outboxes == [], "everything has arrived"

"""The whole way through the command line, on a tiny project, as a person types it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

from tests.end_to_end.conftest import SETTING, Project, claim_text


def test_a_run_judges_its_claim_and_says_what_comes_next(finished: Project) -> None:
    done = finished.run()
    assert done.returncode == 0
    assert "toy-gain" in done.stdout
    assert "at small scale" in done.stdout
    assert "Next: reproduce report --html   (writes reports/toy-gain.html)" in done.stdout


def test_nothing_but_a_replication_is_called_reproduced(finished: Project) -> None:
    done = finished.run()
    report = finished.call("report", "--markdown", "--out", "report.md")
    assert report.returncode == 0, report.stderr
    assert "REPRODUCED" not in done.stdout + (finished.folder / "report.md").read_text()


def test_a_second_run_trains_nothing(finished: Project) -> None:
    before = finished.records()
    done = finished.run()
    assert "0 trained, 6 reused" in done.stdout
    assert finished.records() == before


def test_the_plan_knows_what_is_stored(finished: Project) -> None:
    found = finished.json("plan", "claims", "--setting", "toy.yaml")
    assert (found["cells"], found["stored"]) == (8, 6)
    assert found["missing"] == [{"why": "never run", "cells": 2}]
    assert {c["id"] for c in found["claims"]} == {"toy-gain", "toy-control"}


def test_the_plan_says_why_stored_cells_do_not_serve(finished: Project) -> None:
    changed = "setting.tasks.pos.training.epochs=2"
    found = finished.json("plan", "claims/gain.yaml", "--setting", "toy.yaml", "--set", changed)
    why = "stored only with another set of hyper-parameters"
    assert found["missing"] == [{"why": why, "cells": 6}]


def test_the_html_report_is_one_file_with_the_verdict(finished: Project) -> None:
    done = finished.call("report", "--html", "--out", "report.html")
    assert done.returncode == 0, done.stderr
    page = (finished.folder / "report.html").read_text()
    assert "It helps." in page
    assert "at small scale" in page
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_the_json_report_holds_the_run_and_its_verdicts(finished: Project) -> None:
    done = finished.call("report", "--json", "--out", "report.json")
    assert done.returncode == 0, done.stderr
    text = (finished.folder / "report.json").read_text()
    assert "toy-gain" in text
    json.loads(text)


def test_an_override_is_recorded(project: Project) -> None:
    found = project.json(
        "run", "claims/gain.yaml", "--setting", "toy.yaml", "--executor", "inline",
        "--set", "experiment.layers=[1]",
    )  # fmt: skip
    assert found["overrides"] == ["experiment.layers=[1]"]
    assert found["trained"] == 4


def test_a_quick_run_is_watermarked_everywhere(project: Project) -> None:
    done = project.run("--quick")
    assert "NOT EVIDENCE" in done.stdout
    assert "optional stopping" not in done.stdout
    report = project.call("report", "--markdown", "--out", "report.md")
    assert report.returncode == 0, report.stderr
    assert "not evidence" in (project.folder / "report.md").read_text().lower()


def test_inline_and_ray_leave_the_same_bytes(finished: Project, project: Project) -> None:
    done = project.call("run", "claims/gain.yaml", "--setting", "toy.yaml", "--workers", "2")
    assert done.returncode == 0, done.stderr
    assert project.records() == finished.records() != {}


def test_a_cell_that_fails_is_told_and_the_rest_is_judged(project: Project) -> None:
    # A learning rate beyond the range of float32 makes the loss NaN in every cell.
    done = project.run("--set", "setting.tasks.pos.training.learning_rate=1.0",
                       "--set", "setting.tasks.pos.training.epochs=40",
                       "--set", "setting.tasks.pos.training.clip=1e30")  # fmt: skip
    assert done.returncode in (0, 4)
    assert "Traceback" not in done.stdout


def test_an_interrupted_run_goes_on_where_it_stopped(project: Project) -> None:
    (project.folder / "claims" / "gain.yaml").write_text(
        claim_text().replace("looks: [2, 3]", "looks: [20]")
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "reproduce", "run", "claims/gain.yaml", "--setting", "toy.yaml",
         "--executor", "inline"],
        cwd=project.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=os.environ,
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while len(project.records()) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 130, output.decode()
    finished_before = set(project.records())
    assert 3 <= len(finished_before) < 60
    done = project.run()
    assert done.returncode == 0, done.stderr
    assert f"{len(finished_before)} reused" in done.stdout
    assert len(project.records()) == 60


def test_a_claim_that_needs_stronger_evidence_is_told_so_and_where_to_go(project: Project) -> None:
    text = claim_text() + "min_evidence: replication\n"
    (project.folder / "claims" / "gain.yaml").write_text(text)
    for more in ((), ("--quick",)):
        done = project.run(*more)
        assert done.returncode == 5, done.stderr  # nothing was evaluated
        assert "toy-gain: Not applicable at this evidence level" in done.stdout
        assert "reproduce run claims/gain.yaml --setting paper --gpus-per-cell 1" in done.stdout
    assert "Cost: about" in project.run().stdout
    assert project.records() == {}


def test_strict_turns_an_undecided_claim_into_a_status(finished: Project) -> None:
    outcome = json.loads(finished.run("--json").stdout)["verdicts"][0]["outcome"]
    expected = {"supported": 0, "refuted": 1, "inconclusive": 3}[outcome]
    assert finished.run("--strict").returncode == expected


def test_a_task_that_the_setting_lacks_is_left_out_and_named(project: Project) -> None:
    (project.folder / "claims" / "gain.yaml").write_text(
        claim_text(tasks="[pos, xnli]", expect='{kind: best_layer_differs, tie_tolerance: "1.0"}')
    )
    done = project.run()
    assert "Task xnli is left out" in done.stdout
    assert "not applicable at this evidence level" in done.stdout.lower()
    assert len(project.records()) == 6  # POS still runs, and its curve is in the report


def test_a_setting_without_any_of_the_tasks_is_the_users_to_mend(project: Project) -> None:
    (project.folder / "toy.yaml").write_text(SETTING.replace("  pos:", "  ner:"))
    done = project.run()
    assert done.returncode == 2
    assert "Traceback" not in done.stderr

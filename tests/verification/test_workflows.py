"""The workflows: linted offline, and the commands in them run as they are written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.end_to_end.conftest import make_project

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
_STUB = '#!/bin/sh\necho "$(basename "$0") $*" >> "$CALLS"\n'
_GH = _STUB + 'if [ "$1 $2" = "issue list" ]; then echo "$NUMBER"; fi\n'


def load(path: Path) -> dict:
    return YAML(typ="safe").load(path.read_text())


def steps_of(job: dict) -> list[dict]:
    return [step for step in job["steps"] if "run" in step]


def tool(name: str) -> str:
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not installed; it comes with the extra `dev`")
    return found


def test_there_are_both_workflows():
    assert [path.name for path in WORKFLOWS] == ["ci.yml", "nightly.yml"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_follows_the_schema_of_github(path):
    done = subprocess.run(
        [tool("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", str(path)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_security_audit_finds_nothing():
    done = subprocess.run(
        [tool("zizmor"), "--offline", "--no-progress", *map(str, WORKFLOWS)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_and_permissions_are_given_one_by_one(path):
    workflow = load(path)
    assert workflow["permissions"] == {}
    used = [
        step["uses"] for job in workflow["jobs"].values() for step in job["steps"] if "uses" in step
    ]
    assert [name for name in used if not re.fullmatch(r"actions/[\w/-]+@[0-9a-f]{40}", name)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_no_command_has_an_expression_pasted_into_it(path):
    runs = [step["run"] for job in load(path)["jobs"].values() for step in steps_of(job)]
    assert [run for run in runs if "${{" in run] == []


def test_the_job_of_tests_is_what_a_person_runs():
    assert [step["run"] for step in steps_of(load(WORKFLOWS[0])["jobs"]["test"])] == ["make test"]


class Runner:
    """Runs the commands of one job in a toy project, as GitHub does with `bash -e`."""

    def __init__(self, folder: Path):
        self.folder = make_project(folder).folder
        self.calls = folder / "calls.txt"
        stubs = folder / "stubs"
        stubs.mkdir()
        for name, text in {"make": _STUB, "gh": _GH}.items():
            (stubs / name).write_text(text)
            (stubs / name).chmod(0o755)
        program = folder / ".venv" / "bin" / "reproduce"
        program.parent.mkdir(parents=True)
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m reproduce "$@"\n')
        program.chmod(0o755)
        self._stubs = stubs

    def run(self, job: dict, step: dict, **variables: str) -> subprocess.CompletedProcess[str]:
        declared = {**job.get("env", {}), **step.get("env", {})}
        # `${{ vars.X || '4' }}` is 4 where nobody set X.
        resolved = {
            name: re.sub(r"\$\{\{.*?'([^']*)' \}\}|\$\{\{.*?\}\}", r"\1", str(value))
            for name, value in declared.items()
        }
        environment = {
            **os.environ,
            **resolved,
            "SETTING": "toy.yaml",
            "REPRODUCE_EXECUTOR": "inline",  # of the toy's cells; a job uses Ray
            "PATH": f"{self._stubs}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "CALLS": str(self.calls),
            "NUMBER": "",
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            **variables,
        }
        return subprocess.run(
            ["bash", "-e", "-c", step["run"]],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
        )

    def called(self) -> list[str]:
        lines = self.calls.read_text().splitlines() if self.calls.exists() else []
        self.calls.unlink(missing_ok=True)
        return lines


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path / "project")


def test_the_commands_of_a_push_run_the_controls_of_a_fresh_clone(runner: Runner) -> None:
    job = load(WORKFLOWS[0])["jobs"]["claims"]
    install, verify = steps_of(job)
    assert runner.run(job, install).returncode == 0
    assert runner.called() == ["make install"]
    done = runner.run(job, verify)
    assert done.returncode == 3, done.stderr  # the toy's control is undecided: two seeds
    assert "| ○ not run | toy-gain |" in (runner.folder / "summary.md").read_text()
    assert (runner.folder / "out" / "verification" / "junit.xml").exists()


def test_the_commands_of_a_night_verify_report_and_keep_an_issue(runner: Runner) -> None:
    job = load(WORKFLOWS[1])["jobs"]["verify"]
    _, verify, report, issue = steps_of(job)
    done = runner.run(job, verify)
    assert done.returncode == 3, done.stderr  # two seeds decide nothing, and nothing is accepted
    done = runner.run(job, report)
    assert done.returncode == 0, done.stderr
    site = runner.folder / "out" / "site"
    assert "Night by night" in (site / "index.html").read_text()
    assert len(list((site / "history").iterdir())) == 1
    assert runner.run(job, issue).returncode == 0
    assert [call.split(" --")[0] for call in runner.called()] == ["gh issue list"]


def test_a_night_installs_the_library_of_its_store(runner: Runner) -> None:
    job = load(WORKFLOWS[1])["jobs"]["verify"]
    pip = runner.folder / ".venv" / "bin" / "pip"
    pip.write_text(_STUB)
    pip.chmod(0o755)
    assert runner.run(job, steps_of(job)[0]).returncode == 0
    assert runner.called() == ["make install"]
    assert runner.run(job, steps_of(job)[0], STORE_LIBRARY="s3fs").returncode == 0
    assert runner.called() == ["make install", "pip install --quiet s3fs"]


def test_a_night_keeps_its_store_where_the_variable_says(runner: Runner, tmp_path: Path) -> None:
    job = load(WORKFLOWS[1])["jobs"]["verify"]
    _, verify, report, _ = steps_of(job)
    store = tmp_path / "elsewhere"
    variables = {"REPRODUCE_STORE": f"file://{store}", "MAX_HOURS": "0"}
    done = runner.run(job, verify, **variables)
    assert (store / "history").is_dir(), done.stderr
    assert not (runner.folder / ".reproduce").exists()
    runner.run(job, report, **variables)
    assert "Night by night" in (runner.folder / "out" / "site" / "index.html").read_text()


@pytest.mark.parametrize(
    ("text", "number", "expected"),
    [
        ("flipped", "", ["gh issue list", "gh label create nightly-flip", "gh issue create"]),
        ("flipped", "7", ["gh issue list", "gh issue edit 7"]),
        ("", "7", ["gh issue list", "gh issue close 7"]),
        ("", "", ["gh issue list"]),
        (None, "7", []),
    ],
)
def test_one_issue_is_opened_updated_and_closed(runner: Runner, text, number, expected) -> None:
    job = load(WORKFLOWS[1])["jobs"]["verify"]
    issue = steps_of(job)[-1]
    folder = runner.folder / "out" / "verification"
    folder.mkdir(parents=True)
    if text is not None:
        (folder / "issue.md").write_text(text)
    done = runner.run(job, issue, NUMBER=number)
    assert done.returncode == 0, done.stderr
    assert [call.split(" --")[0] for call in runner.called()] == expected

"""What happens after a first run: judging again, the next look, a changed criterion."""

from __future__ import annotations

import json

import pytest

from tests.end_to_end.conftest import Project


@pytest.fixture
def run_once(project: Project) -> Project:
    done = project.run()
    assert done.returncode == 0, done.stderr
    return project


def test_judging_again_trains_nothing_and_comes_to_the_same(run_once: Project) -> None:
    first = json.loads(run_once.run("--json").stdout)
    again = run_once.json("judge", "claims/gain.yaml", "--setting", "toy.yaml")
    assert (again["trained"], again["reused"]) == (0, 6)
    assert again["verdicts"] == first["verdicts"]


def test_judging_what_was_never_run_evaluates_nothing(project: Project) -> None:
    done = project.call("judge", "claims/gain.yaml", "--setting", "toy.yaml", "--json")
    assert done.returncode == 5
    assert json.loads(done.stdout)["verdicts"][0]["outcome"] == "not run"


def test_extend_trains_the_seeds_of_the_next_look_alone(run_once: Project) -> None:
    run = run_once.json("extend", "toy-gain", "--executor", "inline")
    assert (run["trained"], run["reused"]) == (3, 6)
    assert run["verdicts"][0]["units"] == 3
    assert "look 2 of 2" in run["verdicts"][0]["signature"]


def test_extend_refuses_a_claim_without_a_verdict_at_its_first_look(project: Project) -> None:
    project.call("judge", "claims/gain.yaml", "--setting", "toy.yaml")
    done = project.call("extend", "toy-gain", "--executor", "inline")
    assert done.returncode == 2
    assert "no verdict yet at the first of its looks" in done.stderr
    assert "reproduce run claims/gain.yaml" in done.stderr


def test_extend_goes_on_with_a_look_that_was_interrupted(run_once: Project) -> None:
    extended = run_once.json("extend", "toy-gain", "--executor", "inline")
    manifest = run_once.folder / ".reproduce" / "runs" / f"{extended['id']}.json"
    extended["verdicts"][0]["outcome"] = "not run"  # as Ctrl-C leaves it
    manifest.write_text(json.dumps(extended))
    again = run_once.json("extend", "toy-gain", "--executor", "inline")
    assert (again["trained"], again["reused"]) == (0, 9)
    assert "look 2 of 2" in again["verdicts"][0]["signature"]


def test_extend_refuses_a_claim_that_is_decided(run_once: Project) -> None:
    run = json.loads(run_once.run("--json").stdout)
    manifest = run_once.folder / ".reproduce" / "runs" / f"{run['id']}.json"
    run["verdicts"][0]["outcome"] = "refuted"
    manifest.write_text(json.dumps(run))
    done = run_once.call("extend", "toy-gain", "--executor", "inline")
    assert done.returncode == 2
    assert "toy-gain is decided: refuted at 2 of at most 3 units" in done.stderr


def test_extend_beyond_the_last_look_is_refused_as_optional_stopping(run_once: Project) -> None:
    run_once.json("extend", "toy-gain", "--executor", "inline")
    done = run_once.call("extend", "toy-gain", "--executor", "inline")
    assert done.returncode == 2
    assert "optional stopping" in done.stderr


def test_seeds_beyond_the_declared_looks_are_labelled_optional_stopping(run_once: Project) -> None:
    run = json.loads(run_once.run("--set", "experiment.seeds.looks=[4]", "--json").stdout)
    (verdict,) = run["verdicts"]
    assert verdict["units"] == 4
    assert verdict["stopping"].startswith("Optional stopping: it was judged before, at 2 when")
    assert run_once.call("report", "--markdown", "--out", "report.md").returncode == 0
    assert "Optional stopping" in (run_once.folder / "report.md").read_text()


def test_extend_names_the_claims_that_were_run(run_once: Project) -> None:
    done = run_once.call("extend", "toy-gian")
    assert done.returncode == 2
    assert "did you mean 'toy-gain'" in done.stderr


def test_an_expectation_edited_after_the_run_is_reported_with_both_versions(
    run_once: Project,
) -> None:
    claim = run_once.folder / "claims" / "gain.yaml"
    claim.write_text(claim.read_text().replace('margin: "0"', 'margin: "2.0"'))
    run = json.loads(run_once.run("--json").stdout)
    (amendment,) = run["verdicts"][0]["amendments"]
    assert amendment["changes"] == ["expect.margin: '0' -> '2.0'"]
    assert run_once.call("report", "--markdown", "--out", "report.md").returncode == 0
    assert "expect.margin" in (run_once.folder / "report.md").read_text()


def test_a_first_run_has_nothing_amended(run_once: Project) -> None:
    again = json.loads(run_once.run("--json").stdout)
    assert again["verdicts"][0]["amendments"] == []

"""`reproduce verify` and its companions, called as a person or a job calls them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.verification.conftest import Here, make_here

VERIFY = ("verify", "claims", "--setting", "toy.yaml", "--executor", "inline")


@pytest.fixture(scope="module")
def verified(tmp_path_factory: pytest.TempPathFactory) -> Here:
    """A project after its first night, which is accepted."""
    made = make_here(tmp_path_factory.mktemp("verified") / "project")
    first = made.call(*VERIFY, "--out", "out")
    assert first.returncode == 3, first.stderr
    accepted = made.call("accept", "--all", "--reason", "the first night")
    assert accepted.returncode == 0, accepted.stderr
    return made


@pytest.fixture
def project(tmp_path: Path) -> Here:
    """A fresh project without results."""
    return make_here(tmp_path / "project")


@pytest.fixture
def again(verified: Here, tmp_path: Path) -> Here:
    """A copy of it to go on with."""
    return Here(shutil.copytree(verified.folder, tmp_path / "project"))


def document(done) -> dict:
    return json.loads(done.stdout)


def test_a_night_with_nothing_stale_still_runs_a_stored_cell_again(again: Here) -> None:
    done = again.call(*VERIFY, "--json")
    assert done.returncode == 0, done.stderr
    night = document(done)["night"]
    assert [check["same"] for check in night["rechecks"]] == [True]
    assert (night["number"], night["renewed"], night["left"]) == (2, 0, 0)


def test_without_the_sample_nothing_is_trained(again: Here) -> None:
    done = again.call(*VERIFY, "--json", "--recheck", "0")
    assert document(done)["night"]["rechecks"] == []
    assert document(done)["against_last"] == []


def test_a_stored_cell_whose_content_was_exchanged_is_found(again: Here) -> None:
    from reproduce.store import Store, records

    store = Store(again.folder / ".reproduce")
    for id in store.ids():
        record = records.load(store, id)
        record.statistics[0, 0] = 1 - min(1, record.statistics[0, 0])
        store.supersede(id, records.encode(record))
    done = again.call(*VERIFY, "--json", "--policy", "report")
    assert done.returncode == 4
    assert "not the same when run again" in document(done)["why"]


def exchange_environment(project: Here, text: str) -> None:
    """Make all records come from another processor, as far as the store knows."""
    store, other = project.folder / ".reproduce", "0" * 32
    for file in list((store / "provenance").glob("*.json")):
        content = json.loads(file.read_text()) | {"processor": text}
        (store / "provenance" / f"{other}.json").write_text(json.dumps(content))
        for log in (store / "logs").rglob("*.jsonl"):
            log.write_text(log.read_text().replace(file.stem, other))


def test_cells_of_another_environment_are_run_again_and_then_belong_to_this_one(
    again: Here,
) -> None:
    exchange_environment(again, "Another Processor")
    before = again.records()
    night = document(again.call(*VERIFY, "--json"))["night"]
    assert (night["renewed"], night["left"]) == (8, 0)
    assert again.records() == before, "the same content on the same machine"
    assert all("Another" not in standing["environment"] for standing in night["standings"])


def test_stale_cells_wait_until_their_claim_can_move_as_a_whole(again: Here) -> None:
    exchange_environment(again, "Another Processor")
    found = document(again.call(*VERIFY, "--json", "--max-hours", "0"))
    assert (found["night"]["renewed"], found["night"]["left"]) == (0, 8)
    assert all("Another" in s["environment"] for s in found["night"]["standings"])


def test_records_of_another_environment_can_be_kept(again: Here) -> None:
    exchange_environment(again, "Another Processor")
    night = document(again.call(*VERIFY, "--json", "--keep"))["night"]
    assert (night["renewed"], night["left"], len(night["rechecks"])) == (0, 0, 1)
    assert all("Another" in s["environment"] for s in night["standings"])


def test_without_a_budget_a_night_over_an_empty_store_evaluates_nothing(project: Here) -> None:
    done = project.call(*VERIFY, "--max-hours", "0", "--policy", "report")
    assert done.returncode == 5, done.stdout
    assert "nothing was evaluated" in done.stdout


def test_a_push_over_an_empty_store_runs_the_controls_alone(project: Here) -> None:
    found = document(project.call(*VERIFY, "--json", "--tier", "push"))
    outcomes = {s["claim"]: s["outcome"] for s in found["night"]["standings"]}
    assert outcomes["toy-gain"] == "not run"
    assert outcomes["toy-control"] != "not run"
    assert len(project.records()) == 4


def test_a_claim_that_is_edited_is_named_and_its_verdict_compared(again: Here) -> None:
    claim = again.folder / "claims" / "gain.yaml"
    claim.write_text(claim.read_text().replace('margin: "0"', 'margin: "-90"'))
    found = document(again.call(*VERIFY, "--json"))
    kinds = {change["kind"] for change in found["against_baseline"]}
    assert kinds == {"criterion", "verdict"}
    assert found["exit_status"] == 3, "supported, and inconclusive was accepted"


def test_quarantine_excuses_with_a_reason_until_its_day(again: Here) -> None:
    shutil.rmtree(again.folder / "reports")
    (again.folder / "reports").mkdir()
    entries = [f'  - {{claim: {c}, reason: "toy", until: "2099-01-01"}}' for c in
               ("toy-gain", "toy-control")]  # fmt: skip
    listed = "\n".join(["claims:", *entries])
    (again.folder / "reports" / "quarantine.yaml").write_text(listed)
    assert again.call(*VERIFY).returncode == 0
    (again.folder / "reports" / "quarantine.yaml").write_text(listed.replace("2099", "2020"))
    done = again.call(*VERIFY)
    assert done.returncode == 3
    assert "Quarantine expired on 2020-01-01" in done.stdout


def test_a_wrong_quarantine_or_baseline_is_the_users_input(again: Here) -> None:
    (again.folder / "reports" / "quarantine.yaml").write_text("claims: [{claim: nobody}]")
    assert again.call(*VERIFY).returncode == 2
    (again.folder / "reports" / "quarantine.yaml").unlink()
    (again.folder / "reports" / "baseline.json").write_text("[]")
    assert again.call(*VERIFY).returncode == 2


def test_in_github_actions_the_summary_and_annotations_are_written(again: Here) -> None:
    page = again.folder / "page.md"
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(page)}
    done = again.call(*VERIFY, "--policy", "strict", **environment)
    assert page.read_text().startswith("## Claims in setting toy")
    lines = [line for line in done.stdout.splitlines() if line.startswith("::")]
    assert [line.split(",")[0] for line in lines] == [
        "::warning file=claims/control.yaml",
        "::warning file=claims/gain.yaml",
    ]


def test_history_lists_the_nights_of_a_claim(verified: Here) -> None:
    (point,) = verified.json("history", "toy-gain")
    assert (point["night"], point["outcome"], point["flip"]) == (1, "inconclusive", False)
    wrong = verified.call("history", "toy-gian")
    assert wrong.returncode == 2
    assert "did you mean 'toy-gain'" in wrong.stderr


def test_diff_names_what_differs_between_two_runs(again: Here) -> None:
    changed = ("--set", "setting.tasks.pos.train=16", "--set", "alpha=0.1")
    assert again.run(*changed).returncode == 0
    told = again.json("diff")
    keys = {(d["section"], d["key"]) for d in told["differences"]}
    assert ("parameters", "setting.tasks.pos.train") in keys
    assert ("parameters", "toy-gain.alpha") in keys
    assert any(section == "data" and key.endswith("train") for section, key in keys)
    assert told["only_a"] == ["toy-control"], "the second run did not have it"
    assert not any(key.startswith("toy-control") for _, key in keys)


def test_a_run_compared_with_itself_does_not_differ(verified: Here) -> None:
    assert verified.json("diff", "latest", "latest")["differences"] == []


def test_accept_without_a_night_or_a_reason_says_what_to_do(project: Here) -> None:
    done = project.call("accept", "--all", "--reason", "x")
    assert done.returncode == 2
    assert "reproduce verify" in done.stderr

"""Tests of what the doctor says of a machine."""

from __future__ import annotations

import json
import socket
import time

import pytest

from reproduce import provenance
from reproduce.cli import machine
from reproduce.cli.machine import Check
from reproduce.store import Store


@pytest.fixture
def checks(monkeypatch):
    """Stands in for the machine: what the checks say is what the test puts here."""
    found = [Check("Python", "ok", "3.11")]
    monkeypatch.setattr(machine, "examine", lambda store, ray: found)
    return found


def test_a_machine_without_problems_is_ready(call, checks):
    result = call("doctor")
    assert result.status == 0
    assert result.out.endswith("Ready. Next: reproduce run claims/best_layer.yaml\n")


def test_a_note_does_not_stop_anyone(call, checks):
    checks.append(Check("hub", "note", "does not answer"))
    assert call("doctor").status == 0


def test_a_problem_is_shown_with_its_next_step_and_the_status_is_2(call, checks):
    checks.append(Check("store", "problem", "read-only", "name another with --store"))
    result = call("doctor")
    assert result.status == 2
    assert "problem  store: read-only\n           next: name another with --store" in result.out


def test_programs_get_one_json_document(call, checks):
    document = call("doctor", "--json").json
    assert document["checks"][0] == {
        "topic": "Python",
        "status": "ok",
        "text": "3.11",
        "next_step": "",
    }
    assert document["environment"]["python"] == provenance.collect().python


def test_a_package_of_the_wrong_version_is_a_problem_with_the_command_that_mends_it(monkeypatch):
    monkeypatch.setattr(machine.metadata, "requires", lambda name: ["numpy>=1000", "pydantic"])
    (check,) = machine.check_packages()
    assert check.status == "problem"
    assert check.next_step == "pip install 'numpy>=1000'"


def test_packages_of_extras_are_not_required(monkeypatch):
    required = ["numpy", "nonexistent; extra == 'dev'"]
    monkeypatch.setattr(machine.metadata, "requires", lambda name: required)
    assert [check.status for check in machine.check_packages()] == ["ok"]


@pytest.fixture
def online(monkeypatch):
    """As if nobody had asked to stay offline, and no proxy stood between."""
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("online")
def test_a_hub_that_answers_is_ok(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.getsockname()[1]}")
        assert machine.check_hub().status == "ok"


@pytest.mark.usefixtures("online")
def test_a_hub_that_refuses_is_a_note(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{port}")
    assert machine.check_hub().status == "note"


@pytest.mark.usefixtures("online")
def test_a_name_that_is_looked_up_for_ever_costs_little_time(monkeypatch):
    def never(*arguments, **options):
        time.sleep(5)
        raise OSError("no answer")

    monkeypatch.setattr(machine, "HUB_SECONDS", 0.1)
    monkeypatch.setattr(machine.socket, "create_connection", never)
    begun = time.perf_counter()
    assert machine.check_hub().status == "note"
    assert time.perf_counter() - begun < 3


def test_nothing_is_asked_when_offline(monkeypatch):
    def refuse(*arguments, **options):
        raise AssertionError("the network was used")

    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(machine.socket, "create_connection", refuse)
    assert machine.check_hub().status == "ok"


def test_a_proxy_is_asked_in_place_of_the_hub(monkeypatch, online):
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{server.getsockname()[1]}")
        monkeypatch.setenv("HF_ENDPOINT", "https://hub.invalid")
        assert "through the proxy" in machine.check_hub().text


@pytest.fixture
def checkpoint(tiny_checkpoint, tmp_path, monkeypatch):
    """A small checkpoint, embedded as `world`."""
    import shutil

    from reproduce.models import checkpoint as module

    folder = tmp_path / "world"
    shutil.copytree(tiny_checkpoint, folder)
    monkeypatch.setattr(module, "embedded_checkpoint", lambda name: folder)
    return folder


def test_a_checkpoint_that_its_card_describes_is_ok(checkpoint):
    digest = machine._sha256(checkpoint / "model.safetensors")
    (checkpoint / "card.json").write_text(json.dumps({"weights": {"sha256": digest}}))
    assert machine.check_checkpoint().status == "ok"


def test_a_checkpoint_that_its_card_does_not_describe_is_a_problem(checkpoint):
    (checkpoint / "card.json").write_text(json.dumps({"weights": {"sha256": "0" * 64}}))
    assert machine.check_checkpoint().status == "problem"


def test_a_checkpoint_without_a_card_is_a_note(checkpoint):
    assert machine.check_checkpoint().status == "note"


def test_a_checkpoint_that_is_torn_is_a_problem(checkpoint):
    (checkpoint / "model.safetensors").write_bytes(b"torn")
    assert machine.check_checkpoint().status == "problem"


def test_a_store_that_is_not_there_is_not_made(tmp_path):
    assert machine.check_store(tmp_path / "store").status == "ok"
    assert list(tmp_path.iterdir()) == []


def test_a_store_is_counted(tmp_path):
    Store(tmp_path).put_if_absent("ab" * 16, b"x" * 2000)
    assert ": 1 records, 0 runs, 2 kB" in machine.check_store(tmp_path).text


def test_corrupt_records_are_noted(tmp_path):
    store = Store(tmp_path)
    store.put_if_absent("ab" * 16, b"x")
    store.quarantine("ab" * 16, "a test")
    assert machine.check_store(tmp_path).status == "note"


def test_a_file_in_place_of_the_store_is_a_problem(tmp_path):
    (tmp_path / "file").write_text("")
    assert machine.check_store(tmp_path / "file").status == "problem"


def test_tests_that_need_a_gpu_are_named(tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_fast.py").write_text("skipif(not torch.cuda.is_available())")
    (tmp_path / "tests" / "test_plain.py").write_text("")
    import torch

    named = [check.text for check in machine.check_gpu_tests(tmp_path)]
    assert len(named) == (0 if torch.cuda.is_available() else 1)
    assert all("test_fast.py" in text and "test_plain.py" not in text for text in named)


@pytest.mark.parametrize(
    ("visible", "status"), [((), "ok"), (("GPU X",), "note")], ids=["no GPU", "unusable GPU"]
)
def test_a_gpu_that_torch_cannot_use_is_noted(monkeypatch, visible, status):
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(provenance, "gpus", lambda: visible)
    assert machine.check_gpu().status == status

"""The real clients of the hub against a stand-in: what is fetched, and what is told if it fails."""

from __future__ import annotations

import json
import os
import socket
import time
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.hub.conftest import DATA, DATA_REVISION, MODEL, REVISION, SETTING, Desk

ROOT = Path(__file__).resolve().parents[2]
WHOLE = {
    "config.json",
    "model.safetensors",
    "tokenizer.json",
    "udpos.English/train-00000-of-00001.parquet",
    "udpos.English/validation-00000-of-00001.parquet",
    "udpos.English/test-00000-of-00001.parquet",
    "udpos.German/validation-00000-of-00001.parquet",
    "udpos.German/test-00000-of-00001.parquet",
}
RUN = (
    "run", str(ROOT / "claims" / "dlfa_gain_pos.yaml"), "--setting", "my.yaml",
    "--executor", "inline", "--set", "experiment.seeds.looks=[2]", "--json",
)  # fmt: skip


def fetch(desk: Desk, *more: str, **environment: str) -> CompletedProcess[str]:
    return desk.call("fetch", "--setting", "my.yaml", *more, **environment)


def change_setting(desk: Desk, **changes: object) -> None:
    (desk.folder / "my.yaml").write_text(json.dumps({**SETTING, **changes}))


def test_a_claim_runs_on_what_was_fetched(desk: Desk) -> None:
    done = fetch(desk)
    assert done.returncode == 0, done.stderr
    assert f"model {MODEL}@{REVISION}: 0 MB" in done.stdout
    # Neither pickled weights nor code, and no training data of target languages.
    assert desk.fetched() == WHOLE
    desk.hub.requests.clear()
    ran = desk.call(*RUN, HF_HUB_OFFLINE="1")
    assert ran.returncode == 0, ran.stderr
    run = json.loads(ran.stdout)
    assert run["trained"] == 6
    assert run["verdicts"][0]["evidence"] == "replication"
    assert desk.hub.requests == []


def test_nothing_is_fetched_twice(desk: Desk) -> None:
    fetch(desk)
    desk.hub.requests.clear()
    again = fetch(desk)
    assert again.returncode == 0
    assert not [line for line in desk.hub.requests if "resolve" in line]


def test_a_dry_run_tells_the_size_and_fetches_nothing(desk: Desk) -> None:
    told = json.loads(fetch(desk, "--dry-run", "--json").stdout)
    assert told["missing"] == told["files"] == len(WHOLE)
    assert told["missing_bytes"] == sum(
        (desk.served / place / name).stat().st_size
        for name in WHOLE
        for place in ("model", "data")
        if (desk.served / place / name).exists()
    )
    assert desk.fetched() == set()


def test_a_run_without_its_model_says_how_to_fetch_it(desk: Desk) -> None:
    done = desk.call(*RUN)
    assert done.returncode == 2
    assert (
        "not on this machine, or not all of it: the model acme/bert; udpos.English" in done.stderr
    )
    assert "(all that setting stand-in takes: about 3 MB)" in done.stderr
    assert "reproduce fetch --setting stand-in" in done.stderr
    assert "--set setting.checkpoint=" in done.stderr
    assert "--set setting.tasks.pos.data.folder=" in done.stderr
    assert desk.hub.requests == []


def test_a_run_without_its_data_says_how_to_fetch_them(desk: Desk) -> None:
    change_setting(desk, checkpoint=str(desk.served / "model"))
    done = desk.call(*RUN)
    assert done.returncode == 2
    assert "udpos.English and 1 more configurations of acme/xtreme" in done.stderr
    assert "the model" not in done.stderr


def test_copies_on_this_machine_need_no_hub(desk: Desk) -> None:
    pos = SETTING["tasks"]["pos"]
    data = {**pos["data"], "folder": str(desk.served / "data")}
    change_setting(
        desk, checkpoint=str(desk.served / "model"), tasks={"pos": {**pos, "data": data}}
    )
    assert "needs nothing from the hub" in fetch(desk).stdout
    done = desk.call(*RUN)
    assert done.returncode == 0, done.stderr
    assert desk.hub.requests == []


def test_an_interrupted_download_leaves_no_half_and_goes_on(desk: Desk) -> None:
    desk.hub.faults.cut_after["model.safetensors"] = 3000
    done = fetch(desk, HF_HUB_DOWNLOAD_TIMEOUT="2")
    if done.returncode:  # the client may also take it up again by itself
        assert "what is whole is not fetched twice" in done.stderr
        assert "model.safetensors" not in desk.fetched()
        assert fetch(desk).returncode == 0
    assert desk.fetched() == WHOLE
    copy = next(desk.cache.glob("hub/models--*/snapshots/*/model.safetensors"))
    assert copy.read_bytes() == (desk.served / "model" / "model.safetensors").read_bytes()


def test_a_fetch_that_is_killed_leaves_no_half_and_the_next_one_fetches_the_rest(
    desk: Desk,
) -> None:
    faults = desk.hub.faults
    faults.stall_after["model.safetensors"] = 3000
    child = desk.begin("fetch", "--setting", "my.yaml")
    assert faults.stalled.wait(60)
    child.kill()
    child.wait()
    faults.go_on.set()
    assert desk.fetched() == {"config.json", "tokenizer.json"}
    (half,) = desk.cache.rglob("*.incomplete")
    os.utime(half, (0, 0))
    desk.hub.requests.clear()
    assert fetch(desk).returncode == 0
    assert desk.fetched() == WHOLE
    assert not list(desk.cache.rglob("*.incomplete"))
    assert not [line for line in desk.hub.requests if "config.json" in line]


def test_a_model_without_its_weights_counts_as_absent(desk: Desk) -> None:
    desk.hub.faults.gone.add("model.safetensors")
    done = fetch(desk)
    assert done.returncode == 2
    assert "the hub announces a file and does not have it" in done.stderr
    assert "config.json" in desk.fetched()
    ran = desk.call(*RUN)
    assert "not on this machine, or not all of it: the model acme/bert; udpos" in ran.stderr


def test_a_file_with_a_wrong_checksum_is_taken_away_again(desk: Desk) -> None:
    desk.hub.faults.garbled.add("model.safetensors")
    done = fetch(desk)
    assert done.returncode == 2
    assert "model.safetensors is not the file that the hub announces" in done.stderr
    assert "model.safetensors" not in desk.fetched()
    desk.hub.faults.garbled.clear()
    assert fetch(desk).returncode == 0
    assert desk.fetched() == WHOLE


def test_a_small_file_is_checked_too(desk: Desk) -> None:
    desk.hub.faults.garbled.add("config.json")
    assert "config.json is not the file that the hub announces" in fetch(desk).stderr
    assert "config.json" not in desk.fetched()


@pytest.mark.parametrize(
    ("checkpoint", "message"),
    [
        (f"hub:{MODEL}@{'3' * 40}", "the hub has no such revision"),
        (f"hub:acme/none@{REVISION}", "the hub has no such repository, or it is private"),
        (f"hub:{MODEL}@main", "the revision 'main' is no commit"),
        (f"hub:{MODEL}", "is no reference to the hub"),
    ],
)
def test_a_wrong_reference_is_explained(desk: Desk, checkpoint: str, message: str) -> None:
    change_setting(desk, checkpoint=checkpoint)
    done = fetch(desk)
    assert done.returncode == 2
    assert message in done.stderr
    assert desk.fetched() == set()


def test_a_data_set_without_a_configuration_is_refused_before_anything_is_fetched(
    desk: Desk,
) -> None:
    pos = SETTING["tasks"]["pos"]
    data = {**pos["data"], "files": {"en": "udpos.English", "de": "udpos.Klingon"}}
    change_setting(desk, tasks={"pos": {**pos, "data": data}})
    done = fetch(desk)
    assert "there is no udpos.Klingon/test-*.parquet in it" in done.stderr
    assert desk.fetched() == set()


@pytest.mark.parametrize(
    "environment", [{"HF_ENDPOINT": "http://127.0.0.1:9"}, {"HF_HUB_OFFLINE": "1"}]
)
def test_no_hub_and_offline_mode_are_explained(desk: Desk, environment: dict[str, str]) -> None:
    for more in ((), ("--dry-run",)):
        done = fetch(desk, *more, **environment)
        assert done.returncode == 2
        assert "the hub cannot be reached (" in done.stderr
        assert f"the model {MODEL}; udpos.English and 1 more configurations of" in done.stderr
        assert "about 3 MB" in done.stderr
        assert "copy the repositories to this machine" in done.stderr
    assert desk.fetched() == set()


def test_without_the_hub_what_is_all_here_is_fine(desk: Desk) -> None:
    fetch(desk)
    done = fetch(desk, HF_HUB_OFFLINE="1")
    assert done.returncode == 0
    assert "needs nothing from the hub that is not here" in done.stdout


def test_a_hub_that_never_answers_does_not_keep_anyone_waiting(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        begun = time.perf_counter()
        done = fetch(desk, HF_ENDPOINT=f"http://127.0.0.1:{deaf.getsockname()[1]}")
    assert "the hub cannot be reached (timed out)" in done.stderr
    assert time.perf_counter() - begun < 30


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_hub_is_asked_again(desk: Desk, status: int) -> None:
    desk.hub.faults.busy[:] = [status]
    assert fetch(desk).returncode == 0
    assert desk.fetched() == WHOLE


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("gated", "the hub gives it only to those who have accepted its terms"),
        ("private", "the hub has no such repository, or it is private"),
    ],
)
def test_a_repository_that_needs_permission_is_explained(
    desk: Desk, fault: str, message: str
) -> None:
    getattr(desk.hub.faults, fault).add(MODEL)
    done = fetch(desk)
    assert done.returncode == 2
    assert f"{MODEL}@{REVISION}: {message}" in done.stderr
    assert "HF_TOKEN" in done.stderr
    assert desk.fetched() == set()


def test_what_is_asked_of_the_hub_is_its_own_protocol(desk: Desk) -> None:
    fetch(desk)
    asked = desk.hub.requests
    pages = [line for line in asked if line == f"GET /api/datasets/{DATA}/tree/{DATA_REVISION}"]
    assert len(pages) == 2  # of five entries each
    assert f"GET /cdn/models/{MODEL}/model.safetensors" in asked


def test_the_corpora_of_a_setting_that_were_not_fetched_are_one_message(desk: Desk) -> None:
    done = desk.call("data", "--setting", "my.yaml")
    assert done.stdout.count("not on this machine") == 1
    assert "the model" not in done.stdout
    fetch(desk)
    assert "not on this machine" not in desk.call("data", "--setting", "my.yaml").stdout


def test_a_repository_with_pickled_weights_alone_is_refused(desk: Desk, tmp_path: Path) -> None:
    from tests.hub.server import Repository, serving

    folder = tmp_path / "pickled"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    (folder / "pytorch_model.bin").write_bytes(b"x")
    with serving({f"models/{MODEL}": Repository(folder, REVISION)}) as hub:
        done = Desk(desk.folder, hub, desk.served).call("fetch", "--setting", "my.yaml")
    assert "its weights are pickled (pytorch_model.bin)" in done.stderr
    assert desk.fetched() == set()


def test_the_clients_of_transformers_and_datasets_run_against_the_stand_in(desk: Desk) -> None:
    code = (
        "from transformers import BertModel\n"
        "from datasets import load_dataset\n"
        f"model = BertModel.from_pretrained({MODEL!r}, revision={REVISION!r})\n"
        f"data = load_dataset({DATA!r}, data_files={{'test': 'udpos.German/test-*.parquet'}},"
        f" revision={DATA_REVISION!r}, split='test')\n"
        "print(model.config.num_hidden_layers, len(data), data[1]['tokens'])\n"
    )
    done = desk.call("-c", code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[-2] == "3 10 ['the', 'dog', 'runs']"

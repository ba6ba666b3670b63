"""The real clients of the hub against a stand-in: what is fetched, and what is told if it fails."""

from __future__ import annotations

import json
from pathlib import Path

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


def fetch(desk: Desk, *more: str, **environment: str):
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
    assert "the model acme/bert is not on this machine" in done.stderr
    assert "reproduce fetch --setting" in done.stderr
    assert "--set setting.checkpoint=" in done.stderr
    assert desk.hub.requests == []


def test_a_run_without_its_data_says_how_to_fetch_them(desk: Desk) -> None:
    change_setting(desk, checkpoint=str(desk.served / "model"))
    done = desk.call(*RUN)
    assert done.returncode == 2
    assert "nothing of udpos.English is on this machine" in done.stderr
    assert "data.folder" in done.stderr


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
        assert "goes on where it stopped" in done.stderr
        assert "model.safetensors" not in desk.fetched()
        assert fetch(desk).returncode == 0
    assert desk.fetched() == WHOLE
    copy = next(desk.cache.glob("hub/models--*/snapshots/*/model.safetensors"))
    assert copy.read_bytes() == (desk.served / "model" / "model.safetensors").read_bytes()


def test_a_model_without_its_weights_counts_as_absent(desk: Desk) -> None:
    desk.hub.faults.gone.add("model.safetensors")
    done = fetch(desk)
    assert done.returncode == 2
    assert "the hub announces a file and does not have it" in done.stderr
    assert "config.json" in desk.fetched()
    ran = desk.call(*RUN)
    assert "the model acme/bert is not on this machine, or not all of it" in ran.stderr


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


def test_no_hub_and_offline_mode_are_explained(desk: Desk) -> None:
    for environment in ({"HF_ENDPOINT": "http://127.0.0.1:9"}, {"HF_HUB_OFFLINE": "1"}):
        done = fetch(desk, **environment)
        assert done.returncode == 2
        assert f"{MODEL}@{REVISION}: it cannot be fetched" in done.stderr
        assert "copy the repository here" in done.stderr


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

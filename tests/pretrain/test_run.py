from __future__ import annotations

import json
import subprocess
import sys
import warnings
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModel

from reproduce.errors import CheckpointError
from reproduce.pretrain.loop import rate_share, stage_ends
from reproduce.pretrain.run import pretrain


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr("reproduce.pretrain.corpus.TOKENIZER_DOCUMENTS", 40)
    monkeypatch.setattr("reproduce.pretrain.corpus.SHARD_DOCUMENTS", 100)


@pytest.fixture
def finished(fake_world, tiny, tmp_path):
    return pretrain(tiny, tmp_path / "whole", world=fake_world)


def test_an_interrupted_run_ends_with_the_same_bits(finished, fake_world, tiny, tmp_path):
    halved = tmp_path / "halved"
    for stop in (3, 11):
        assert pretrain(tiny, halved, world=fake_world, resume=True, stop_at_step=stop) is None
    resumed = pretrain(tiny, halved, world=fake_world, resume=True)
    for name in ("model.safetensors", "config.json", "tokenizer.json", "pretraining.json"):
        assert (resumed / name).read_bytes() == (finished / name).read_bytes()


def test_training_lowers_the_held_out_loss(finished):
    log = [json.loads(line) for line in (finished.parent / "log.jsonl").read_text().splitlines()]
    assert [entry["held_out"] for entry in log if "held_out" in entry][-1] < 4.5  # ln 105 = 4.65


def test_another_seed_gives_other_weights(finished, fake_world, tiny, tmp_path):
    other = pretrain(replace(tiny, seed=1), tmp_path / "other", world=fake_world)
    name = "encoder.layer.0.output.dense.weight"
    weights = [load_file(folder / "model.safetensors")[name] for folder in (finished, other)]
    assert not torch.equal(*weights)


def test_transformers_loads_the_checkpoint_without_a_warning(finished):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model, info = AutoModel.from_pretrained(finished, output_loading_info=True)
    assert not info["missing_keys"] and not info["unexpected_keys"]
    assert {p.dtype for p in model.parameters()} == {torch.float32}


def test_a_folder_with_a_run_is_not_overwritten(finished, fake_world, tiny):
    with pytest.raises(CheckpointError, match="--resume"):
        pretrain(tiny, finished.parent, world=fake_world)


def test_a_run_is_not_continued_with_another_recipe(finished, fake_world, tiny):
    with pytest.raises(CheckpointError, match="another recipe"):
        pretrain(replace(tiny, seed=5), finished.parent, world=fake_world, resume=True)


def test_a_run_goes_on_under_other_later_stages_with_the_same_bits(
    finished, fake_world, tiny, tmp_path
):
    short = replace(tiny, comparing=tiny.comparing[:1])
    pretrain(short, tmp_path / "grown", world=fake_world)
    grown = pretrain(tiny, tmp_path / "grown", world=fake_world, resume=True)
    for name in ("model.safetensors", "pretraining.json"):
        assert (grown / name).read_bytes() == (finished / name).read_bytes()


def test_the_rate_rises_and_falls_once_in_each_stage(tiny):
    ends = stage_ends(tiny)
    peaks = [1.0, *(stage.rate for stage in tiny.comparing)]
    for begin, end, peak in zip([0, *ends], ends, peaks, strict=False):
        steps = range(begin, end, 300)
        rates = [rate_share(tiny, n) for n in steps]
        top = rates.index(max(rates))
        assert rates[: top + 1] == sorted(rates[: top + 1])
        assert rates[top:] == sorted(rates[top:], reverse=True)
        assert max(rates) == pytest.approx(peak, rel=0.05)
        assert rates[-1] < 0.05 * peak + tiny.floor


def test_pretraining_needs_no_package_beside_torch_and_transformers():
    code = (
        "import sys, reproduce.pretrain.run\n"
        "print(sorted({'ray', 'datasets', 'pydantic', 'typer'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

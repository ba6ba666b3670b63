"""States of a run on disk, and the finished checkpoint folder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertForMaskedLM, BertModel

from reproduce.atomic import replacing
from reproduce.errors import CheckpointError
from reproduce.pretrain.loop import Position, State


def save_state(state: State, digests: Sequence[str], path: Path) -> None:
    """Write all that is needed to go on, atomically; `digests` are those of the stages."""
    content = {
        "digest": digests[state.position.stage],
        "model": state.model.state_dict(),
        "heads": state.heads.state_dict(),
        "optimizers": [optimizer.state_dict() for optimizer in state.optimizers],
        "position": asdict(state.position),
    }
    with replacing(path) as partial, partial.open("wb") as file:
        torch.save(content, file)


def load_state(state: State, digests: Sequence[str], path: Path) -> None:
    """Put a saved state into `state`.

    Raises:
        CheckpointError: the file belongs to another recipe or world.
    """
    content = torch.load(path, weights_only=True)
    position = Position(**content["position"])
    if content["digest"] != digests[position.stage]:
        raise CheckpointError(
            "this run was started with another recipe or another world",
            where=str(path),
            next_step="give the options it was started with, or another folder with --out",
        )
    state.model.load_state_dict(content["model"])
    state.heads.load_state_dict(content["heads"])
    for optimizer, saved in zip(state.optimizers, content["optimizers"], strict=True):
        optimizer.load_state_dict(saved)
    state.position = position


def save_encoder(model: BertForMaskedLM, folder: Path) -> None:
    """Write the encoder as a BertModel in float32 safetensors; the prediction head stays out.

    The pooler, which pretraining does not use, is written with seeded random weights, since
    AutoModel warns of a folder without one.
    """
    config = BertConfig.from_dict(model.config.to_dict())
    config.architectures = ["BertModel"]
    # Fine-tuning regularizes; pretraining did not (see `build_model`).
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.1
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        encoder = BertModel(config)
    encoder.load_state_dict(model.bert.state_dict(), strict=False)
    folder.mkdir(parents=True, exist_ok=True)
    config.dtype = "float32"
    config.save_pretrained(folder)
    weights = {name: value.contiguous() for name, value in encoder.state_dict().items()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def halve(checkpoint: Path, into: Path) -> None:
    """Copy a checkpoint with its weights in half precision, half the size.

    What is loaded from the copy is float32 again, each number rounded to 11 significant bits; this
    rounded encoder is the checkpoint that claims are about.
    """
    into.mkdir(parents=True, exist_ok=True)
    weights = {k: v.half() for k, v in load_file(checkpoint / "model.safetensors").items()}
    save_file(weights, into / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((checkpoint / "config.json").read_text(encoding="utf-8"))
    config["dtype"] = "float16"
    (into / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(checkpoint / name, into / name)

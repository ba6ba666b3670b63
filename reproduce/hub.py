"""References to the Hugging Face hub, and where what was fetched from it lies; no network here."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Literal, NamedTuple

from reproduce.errors import UserError

Kind = Literal["model", "dataset"]

PREFIX = "hub:"
"""What a checkpoint of a setting begins with that lies on the hub."""

CHECKPOINT_FILES = (
    "config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab.txt",
    "model.safetensors",
    "model.safetensors.index.json",
    "model-*.safetensors",
)
"""The files of a checkpoint that are fetched: no pickled weights, and no code."""

# What the hub calls the splits.
SPLITS = {"train": ("train",), "dev": ("validation", "dev"), "test": ("test",)}


class HubReference(NamedTuple):
    """A repository at one commit."""

    kind: Kind
    repository: str  # owner/name
    revision: str  # 40 hexadecimal digits

    def __str__(self) -> str:
        return f"{self.repository}@{self.revision}"


def parse_reference(text: str, kind: Kind) -> HubReference:
    """Read `owner/name@REVISION`.

    Raises:
        UserError: another form, or a branch in place of a commit.
    """
    match = re.fullmatch(r"([\w.-]+/[\w.-]+)@(\S+)", text.removeprefix(PREFIX))
    if match is None:
        raise UserError(
            f"{text!r} is no reference to the hub",
            allowed="owner/name@REVISION, as in google-bert/bert-base-multilingual-cased@3f07...",
            next_step="a revision is a commit of 40 digits: the page of the repository shows it",
        )
    if not re.fullmatch(r"[0-9a-f]{40}", match[2]):
        raise UserError(
            f"{match[1]}: the revision {match[2]!r} is no commit",
            allowed="40 hexadecimal digits: a branch such as main would change under the results",
            next_step="the page of the repository shows its commits",
        )
    return HubReference(kind, match[1], match[2])


def cache_folder() -> Path:
    """Where the clients of the hub keep what they fetch."""
    home = os.environ.get("HF_HOME") or "~/.cache/huggingface"
    return Path(os.environ.get("HF_HUB_CACHE") or f"{home}/hub").expanduser()


def snapshot(reference: HubReference) -> Path:
    """The folder of a fetched repository, which need not be there."""
    folder = f"{reference.kind}s--{reference.repository.replace('/', '--')}"
    return cache_folder() / folder / "snapshots" / reference.revision


def holds_checkpoint(folder: Path) -> bool:
    """Whether the fetched files are all there; the weights are fetched last."""
    weights = ("model.safetensors", "model.safetensors.index.json")
    return (folder / "config.json").is_file() and any((folder / name).is_file() for name in weights)

"""A model and a data set behind the stand-in for the hub, and the program with its own cache."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reproduce.nouns.sentence import UPOS
from tests.hub.server import Repository, StandIn, serving
from tests.tiny import make_checkpoint

MODEL, DATA = "acme/bert", "acme/xtreme"
REVISION, DATA_REVISION = "1" * 40, "2" * 40
LANGUAGES = {"en": "udpos.English", "de": "udpos.German"}


def write_parquet(folder: Path) -> None:
    """Part-of-speech data as XTREME's repository on the hub has them."""
    from datasets import ClassLabel, Dataset, Features, Sequence, Value

    features = Features(
        {"tokens": Sequence(Value("string")), "pos_tags": Sequence(ClassLabel(names=list(UPOS)))}
    )
    det, noun, verb = (UPOS.index(tag) for tag in ("DET", "NOUN", "VERB"))
    for configuration in LANGUAGES.values():
        for split, count in (("train", 40), ("validation", 8), ("test", 10)):
            rows = {
                "tokens": [["the", "dog" if i % 2 else "cat", "runs"] for i in range(count)],
                "pos_tags": [[det, noun, verb]] * count,
            }
            path = folder / configuration / f"{split}-00000-of-00001.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            Dataset.from_dict(rows, features=features).to_parquet(path)


def write_pairs(
    folder: Path, labels: Sequence[int | None] = (0, 2), second: str | None = "d"
) -> None:
    """Inference data as facebook/xnli has them."""
    from datasets import ClassLabel, Dataset, Features, Value

    names = ClassLabel(names=["entailment", "neutral", "contradiction"])
    features = Features({"premise": Value("string"), "hypothesis": Value("string"), "label": names})
    rows = {"premise": ["a b", "c"], "hypothesis": ["a", second], "label": list(labels)}
    path = folder / "en" / "test-00000-of-00001.parquet"
    path.parent.mkdir(parents=True)
    Dataset.from_dict(rows, features=features).to_parquet(path)


SETTING: dict[str, Any] = {
    "name": "stand-in",
    "title": "A tiny BERT and data sets behind a stand-in for the hub",
    "evidence": "replication",
    "checkpoint": f"hub:{MODEL}@{REVISION}",
    "download_mb": 3,
    "source_language": "en",
    "languages": {c: {"name": c, "family": "Germanic"} for c in LANGUAGES},
    "sets": {"xtreme": list(LANGUAGES)},
    "tasks": {
        "pos": {
            "data": {
                "source": "hub",
                "files": LANGUAGES,
                "options": {"repository": DATA, "revision": DATA_REVISION},
            },
            "train": 32,
            "dev": 8,
            "test": 10,
            "training": {"epochs": 1, "batch_size": 16, "learning_rate": 0.001},
        }
    },
}


@dataclass(frozen=True)
class Desk:
    """A user's folder, with a cache of its own and the stand-in as its hub."""

    folder: Path
    hub: StandIn
    served: Path

    @property
    def cache(self) -> Path:
        return self.folder / "cache"

    def environment(self, **more: str) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("HF_")}
        own = {
            "HF_ENDPOINT": self.hub.address,
            "HF_HOME": str(self.cache),
            "HF_HUB_CACHE": str(self.cache / "hub"),
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "NO_PROXY": "127.0.0.1",
        }
        return {**kept, **own, **more}

    def begin(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start the program and do not wait for it."""
        return subprocess.Popen(
            [sys.executable, "-m", "reproduce", *arguments],
            cwd=self.folder,
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def call(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the program, or with `-c` Python."""
        program = [sys.executable] + ([] if arguments[0] == "-c" else ["-m", "reproduce"])
        return subprocess.run(
            [*program, *arguments],
            cwd=self.folder,
            env=self.environment(**environment),
            capture_output=True,
            text=True,
            timeout=120,
        )

    def fetched(self) -> set[str]:
        """Whole files in the cache, by their names in the repositories."""
        snapshots = self.cache.glob("hub/*/snapshots/*")
        return {
            path.relative_to(place).as_posix()
            for place in snapshots
            for path in place.rglob("*")
            if path.is_file()
        }


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hub")
    make_checkpoint(folder / "model", layers=3, hidden=16)
    (folder / "model" / "modeling_acme.py").write_text("raise SystemExit('remote code ran')\n")
    (folder / "model" / "pytorch_model.bin").write_bytes(b"never to be fetched" * 200)
    write_parquet(folder / "data")
    write_pairs(folder / "pairs")
    return folder


@pytest.fixture
def desk(served: Path, tmp_path: Path) -> Iterator[Desk]:
    repositories = {
        f"models/{MODEL}": Repository(served / "model", REVISION),
        f"datasets/{DATA}": Repository(served / "data", DATA_REVISION),
    }
    with serving(repositories) as hub:
        (tmp_path / "my.yaml").write_text(json.dumps(SETTING))  # JSON is YAML
        yield Desk(tmp_path, hub, served)

"""A whole project in a folder: treebanks of a toy language, a random BERT, a setting, claims."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.tiny import make_checkpoint

NOUNS, VERBS, ADJECTIVES = ("dog", "cat", "house"), ("sees", "runs"), ("old",)

CLAIM = """\
id: {id}
title: Fusing a lower layer helps tagging
paper: toy-paper
source: {{document: toy-report, row: 1, quote: "It helps."}}
family: toy
role: {role}
experiment:
  kind: fusion_sweep
  tasks: {tasks}
  fusion: {fusion}
  layers: all
  languages: [bb, cc]
  seeds: {{looks: [2, 3]}}
  baseline_offset: {offset}
expect: {expect}
unit: seed
"""

PAPERS = """\
documents:
  toy-report: {title: A toy report, references: [toy-paper]}
papers:
  toy-paper: {title: A toy paper, link: "https://example.org/toy"}
"""

SETTING = """\
name: toy
title: Toy treebanks and a random BERT
evidence: scaled
checkpoint: ./bert
source_language: aa
languages:
  aa: {name: Aa, family: One}
  bb: {name: Bb, family: One}
  cc: {name: Cc, family: Two}
sets: {xtreme: [aa, bb, cc]}
tasks:
  pos:
    data: {source: conllu, folder: ./ud, files: {aa: Aa-Toy, bb: Bb-Toy, cc: Cc-Toy}}
    train: 24
    dev: 8
    test: 12
    training: {epochs: 1, batch_size: 8, learning_rate: 0.005}
"""


def _sentence(generator: random.Random) -> list[tuple[str, str]]:
    noun, other = generator.choice(NOUNS), generator.choice(NOUNS)
    words = [("the", "DET"), (noun, "NOUN"), (generator.choice(VERBS), "VERB"), ("the", "DET")]
    if generator.random() < 0.5:
        words.append((generator.choice(ADJECTIVES), "ADJ"))
    return [*words, (other, "NOUN"), (".", "PUNCT")]


def write_treebank(folder: Path, code: str, *, reverse: bool) -> None:
    folder.mkdir(parents=True)
    for split, count in {"train": 24, "dev": 8, "test": 12}.items():
        generator = random.Random(f"{code}/{split}")
        blocks = []
        for number in range(count):
            words = _sentence(generator)
            rows = [
                f"{i}\t{form}\t{form}\t{tag}\t_\t_\t{0 if i == 1 else 1}\t_\t_\t_"
                for i, (form, tag) in enumerate(reversed(words) if reverse else words, 1)
            ]
            blocks.append("\n".join([f"# sent_id = {code}-{split}-{number}", *rows]))
        (folder / f"{split}.conllu").write_text("\n\n".join(blocks) + "\n\n")


def claim_text(
    id: str = "toy-gain",
    *,
    role: str = "confirmatory",
    tasks: str = "[pos]",
    fusion: str = "dlfa",
    offset: int = 0,
    expect: str = '{kind: margin, margin: "0"}',
) -> str:
    return CLAIM.format(id=id, role=role, tasks=tasks, fusion=fusion, offset=offset, expect=expect)


@dataclass(frozen=True)
class Project:
    """A folder to call the program in."""

    folder: Path

    def call(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the program as a person would, and wait."""
        return subprocess.run(
            [sys.executable, "-m", "reproduce", *arguments],
            cwd=self.folder,
            env={**os.environ, "NO_COLOR": "1", **environment},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`reproduce run` of the gain claim, in process."""
        return self.call(
            "run", "claims/gain.yaml", "--setting", "toy.yaml", "--executor", "inline", *arguments
        )

    def json(self, *arguments: str) -> Any:
        """What a call with --json prints, after it succeeded."""
        done = self.call(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def records(self) -> dict[str, bytes]:
        """The bytes of every record in the store, by file name."""
        files = (self.folder / ".reproduce" / "records").rglob("*")
        return {f.name: f.read_bytes() for f in files if f.is_file()}


def make_project(folder: Path) -> Project:
    """Write the whole project; see the module."""
    (folder / "claims").mkdir(parents=True)
    (folder / "claims" / "gain.yaml").write_text(claim_text())
    control = claim_text(
        "toy-control",
        role="control",
        fusion="last",
        offset=50,
        expect='{kind: equivalence, value: "0", tolerance: "5.0"}',
    )
    (folder / "claims" / "control.yaml").write_text(control)
    (folder / "claims" / "papers.yaml").write_text(PAPERS)
    (folder / "toy.yaml").write_text(SETTING)
    for code, reverse in {"aa": False, "bb": False, "cc": True}.items():
        write_treebank(folder / "ud" / f"{code.capitalize()}-Toy", code, reverse=reverse)
    make_checkpoint(folder / "bert", layers=3)
    return Project(folder)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A fresh project without results."""
    return make_project(tmp_path / "project")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project after one inline run, shared by the tests of a module that only read it."""
    made = make_project(tmp_path_factory.mktemp("finished") / "project")
    done = made.run()
    assert done.returncode == 0, done.stderr
    return made

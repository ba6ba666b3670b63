"""Pretraining on real text as a person does it: two processes, then a score on the card."""

from __future__ import annotations

import json
from pathlib import Path

from tests.end_to_end.conftest import Project

SIZES = (
    "--layers", "1", "--hidden", "32", "--vocabulary", "120", "--batch", "512",
    "--tokens", "6000",
)  # fmt: skip


def write_text(folder: Path) -> Path:
    text = folder / "corpora" / "text"
    text.mkdir(parents=True)
    for code, words in (("en", "the dog sees a cat"), ("de", "der hund sieht eine katze")):
        lines = (f"{words} {number}" for number in range(300))
        (text / f"{code}.txt").write_text("\n".join(lines))
    rows = ["file\trepository\tcommit\tlicence\tnote"]
    rows += [f"{code}.txt\tr\tc\tCC0 1.0\t" for code in ("en", "de")]
    (text / "SOURCES.tsv").write_text("\n".join(rows))
    return text.parent


def test_pretrained_by_two_processes_scored_and_named_to_a_run(project: Project) -> None:
    data, out = write_text(project.folder), project.folder / "mini"
    done = project.call(
        "pretrain", "text", "--data", str(data), "--out", str(out), *SIZES, "--processes", "2"
    )
    assert done.returncode == 0, done.stderr
    assert "reproduce pretrain score --run" in done.stdout
    again = project.call("pretrain", "text", "--data", str(data), "--out", str(out), *SIZES)
    assert again.returncode == 2
    assert "this folder holds a run already" in again.stderr

    done = project.call(
        "pretrain", "score", "--run", str(out), "--setting", "toy.yaml", "--seeds", "1"
    )
    assert done.returncode == 0, done.stderr
    card = json.loads((out / "checkpoint" / "card.json").read_text())
    assert card["scores"]["source"] == "aa"
    assert card["accumulate"] == 2
    names = ["aa", "bb Bb-Toy", "cc Cc-Toy"]
    assert sorted(card["scores"]["trained"]) == sorted(card["scores"]["random"]) == names
    text = (out / "checkpoint" / "README.md").read_text()
    assert "| mean of targets |" in text


def test_what_is_wrong_with_a_pretraining_is_said_without_a_traceback(project: Project) -> None:
    done = project.call("pretrain", "text", "--data", str(project.folder), *SIZES)
    assert done.returncode == 2
    assert "there is no text with a free licence" in done.stderr
    done = project.call("pretrain", "score", "--run", "nowhere", "--setting", "toy.yaml")
    assert done.returncode == 2
    assert "holds no checkpoint made from real text" in done.stderr
    done = project.call("pretrain", "text", "--data", ".", "--processes", "3", "--accumulate", "2")
    assert done.returncode == 2
    assert "3 processes share out 2 batches" in done.stderr

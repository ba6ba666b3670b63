"""Every mistake of a user: one clear message with the next step, status 2, nothing half-written."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from reproduce.cli import main
from tests.end_to_end.conftest import Project, claim_text, make_project

Change = Callable[[Path], None]


def claim(text: str) -> Change:
    return lambda folder: (folder / "claims" / "gain.yaml").write_text(text) and None


def edited(old: str, new: str) -> Change:
    assert old in claim_text()
    return claim(claim_text().replace(old, new))


def setting(old: str, new: str) -> Change:
    def change(folder: Path) -> None:
        text = (folder / "toy.yaml").read_text()
        assert old in text
        (folder / "toy.yaml").write_text(text.replace(old, new))

    return change


def removed(*names: str) -> Change:
    def change(folder: Path) -> None:
        for name in names:
            (folder / name).unlink()

    return change


def written(name: str, text: str, *, encoding: str = "utf-8") -> Change:
    return lambda folder: (folder / name).write_text(text, encoding=encoding) and None


def renamed(old: str, new: str) -> Change:
    return lambda folder: (folder / old).rename(folder / new) and None


def folder_for(name: str) -> Change:
    def change(folder: Path) -> None:
        (folder / name).unlink()
        (folder / name).mkdir()

    return change


def duplicate(folder: Path) -> None:
    (folder / "claims" / "again.yaml").write_text(claim_text())


MISTAKES: dict[str, tuple[Change, tuple[str, ...]]] = {
    "unreadable YAML": (claim("id: [1, 2\ntitle: x"), ("claims/gain.yaml:",)),
    "an unknown key": (edited("role:", "rôle:"), ("gain.yaml:6", "role")),
    "a mistyped key": (edited("family:", "familly:"), ("gain.yaml:5", "familly", "family")),
    "a layer beyond the model": (
        edited("layers: all", "layers: [1, 7]"),
        ("gain.yaml:11", "layer 7", "3 layers", "1 to 2"),
    ),
    "an unknown language": (edited("[bb, cc]", "[bb, xx]"), ("gain.yaml:12", "'xx'", "aa, bb, cc")),
    "an unknown task": (edited("[pos]", "[poz]"), ("gain.yaml:9", "'poz'", "did you mean 'pos'")),
    "an unknown fusion": (edited("fusion: dlfa", "fusion: dflа"), ("gain.yaml:10", "dlfa_self")),
    "a margin without a unit": (edited("unit: seed\n", ""), ("unit", "missing", "seed")),
    "a unit that does not fit": (edited("unit: seed", "unit: language"), ("gain.yaml:16", "seed")),
    "a margin that is a bare number": (
        edited('margin: "0"', "margin: 0"),
        ("expect.margin", "quotes"),
    ),
    "a margin in per cent": (edited('margin: "0"', 'margin: "1 %"'), ("percentage points",)),
    "looks that do not increase": (edited("[2, 3]", "[3, 2]"), ("looks", "increase")),
    "a tag that would build an object": (
        edited("family: toy", "family: !!python/object/apply:os.system ['true']"),
        ("gain.yaml:5", "tag"),
    ),
    "an id that would leave a folder": (edited("toy-gain", "../evil"), ("gain.yaml:1", "id")),
    "a paper that the book does not have": (edited("toy-paper", "toy-papers"), ("gain.yaml:3",)),
    "duplicate ids": (duplicate, ("toy-gain", "again.yaml", "gain.yaml")),
    "no such setting file": (removed("toy.yaml"), ("toy.yaml",)),
    "a checkpoint folder that is not there": (
        setting("./bert", "./nowhere"),
        ("nowhere", "next:"),
    ),
    "a checkpoint without a tokenizer": (removed("bert/tokenizer.json"), ("tokenizer", "next:")),
    "a checkpoint without weights": (removed("bert/model.safetensors"), ("safetensors",)),
    "a checkpoint with torn weights": (
        lambda folder: os.truncate(folder / "bert" / "model.safetensors", 900),
        ("model.safetensors",),
    ),
    "a treebank that is not there": (setting("Cc-Toy", "Dd-Toy"), ("Dd-Toy",)),
    "a treebank that is torn": (
        written("ud/Cc-Toy/test.conllu", "1\tthe\tthe\tDET\n"),
        ("test.conllu:1",),
    ),
    "a tag outside the universal ones": (
        written("ud/Bb-Toy/test.conllu", "1\tdog\t_\tSUBST\t_\t_\t0\t_\t_\t_\n\n"),
        ("test.conllu:1", "SUBST", "NOUN"),
    ),
    "a treebank in another encoding": (
        written("ud/Bb-Toy/test.conllu", "# text = café\n", encoding="latin-1"),
        ("test.conllu:1", "not UTF-8: byte 0xe9", "next: convert it: iconv"),
    ),
    "an empty split": (
        written("ud/Bb-Toy/test.conllu", ""),
        ("test.conllu", "the split 'test' is empty", "next: get the file again"),
    ),
    "a development set that is torn, of a target language": (
        written("ud/Bb-Toy/dev.conllu", "1\tthe\tthe\tDET\n"),
        ("dev.conllu:1", "4 columns", "allowed: 10 columns", "next:"),
    ),
    "a treebank without its words": (
        written("ud/Bb-Toy/test.conllu", "1\t_\t_\tNOUN\t_\t_\t0\t_\t_\t_\n\n"),
        ("test.conllu", "1 of 1 word forms are '_'", "next:"),
    ),
    "a folder in place of a treebank's file": (
        folder_for("ud/Bb-Toy/test.conllu"),
        ("test.conllu", "cannot be read: Is a directory", "next:"),
    ),
    "pickled weights": (
        renamed("bert/model.safetensors", "bert/model.bin"),
        ("the weights are pickled (model.bin)", "next: convert them"),
    ),
    "a store that is a file": (written(".reproduce", "x"), (".reproduce",)),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = make_project(tmp_path / "project").folder
    (made / "claims" / "control.yaml").unlink()
    monkeypatch.chdir(made)
    return made


def status_of(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_once_with_its_place(
    mistake: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change, expected = MISTAKES[mistake]
    change(folder)
    status = status_of("run", "claims", "--setting", "toy.yaml", "--executor", "inline")
    output = capsys.readouterr()
    assert status == 2, output.err
    assert "Traceback" not in output.err
    for part in expected:
        assert part in output.err
    left = [p for p in folder.glob(".reproduce/**/*") if p.is_file() and p.suffix != ".sqlite"]
    assert left == []


def test_all_mistakes_of_all_files_are_told_at_once(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edited("family:", "familly:")(folder)
    written("claims/other.yaml", claim_text("other").replace("dlfa", "dlfaa"))(folder)
    setting("evidence: scaled", "evidence: scald")(folder)
    assert status_of("run", "claims", "--setting", "toy.yaml") == 2
    told = capsys.readouterr().err
    assert "familly" in told
    assert "scald" in told


def test_a_claim_file_that_is_an_empty_folder_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "nothing").mkdir()
    assert status_of("run", "nothing", "--setting", "toy.yaml") == 2
    assert "no claim in this folder" in capsys.readouterr().err


def test_a_store_that_cannot_be_written_is_told_before_anything_is_trained(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["run", "claims", "--setting", "toy.yaml", "--executor", "inline"]
    assert status_of(*arguments, "--store", "/proc/nowhere") == 2
    assert "/proc/nowhere" in capsys.readouterr().err


def test_more_cpus_than_there_are_are_refused_before_anything_waits(project: Project) -> None:
    done = project.call(
        "run", "claims/gain.yaml", "--setting", "toy.yaml", "--cpus-per-cell", "5000"
    )
    assert done.returncode == 2, done.stderr
    assert "5000" in done.stderr
    assert "Traceback" not in done.stderr

from __future__ import annotations

from pathlib import Path

import pytest

from reproduce.book import load_setting
from reproduce.errors import Problem, SpecErrors, UserError

SETTING = """\
name: own
title: My own data
evidence: scaled
checkpoint: models/bert
source_language: en
languages:
  en: {name: English, family: Germanic}
  de: {name: German, family: Germanic}
sets: {xtreme: [de]}
tasks:
  pos:
    data: {source: conllu, folder: ud, files: {en: EWT, de: GSD}}
    train: 20
    dev: 10
    test: 10
    training: {epochs: 1, learning_rate: 1.0e-3}
"""


def write(tmp_path: Path, *changes: tuple[str, str]) -> str:
    text = SETTING
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "own.yaml"
    path.write_text(text)
    return str(path)


def problem_of(path: str, *overrides: str) -> Problem:
    with pytest.raises(SpecErrors) as raised:
        load_setting(path, overrides=overrides)
    (problem,) = raised.value.problems
    return problem


def test_folders_are_taken_from_the_setting_s_folder(tmp_path: Path) -> None:
    setting = load_setting(write(tmp_path))
    assert setting.checkpoint == str(tmp_path / "models" / "bert")
    assert setting.tasks["pos"].data.folder == str(tmp_path / "ud")


def test_absolute_folders_and_embedded_checkpoints_stay(tmp_path: Path) -> None:
    path = write(tmp_path, ("folder: ud", "folder: /ud"), ("models/bert", "embedded:world"))
    setting = load_setting(path)
    assert (setting.checkpoint, setting.tasks["pos"].data.folder) == ("embedded:world", "/ud")


def test_an_override_with_the_prefix_changes_the_setting(tmp_path: Path) -> None:
    setting = load_setting(write(tmp_path), overrides=["setting.tasks.pos.train=7", "role=control"])
    assert setting.tasks["pos"].train == 7


def test_an_unknown_override_names_the_nearest(tmp_path: Path) -> None:
    problem = problem_of(write(tmp_path), "setting.tasks.pos.trian=7")
    assert problem.next_step == "did you mean 'train'?"


@pytest.mark.parametrize(
    ("old", "new", "line", "key"),
    [
        ("source_language: en", "source_language: eng", 5, "source_language"),
        ("{xtreme: [de]}", "{xtreme: [dd]}", 9, "sets.xtreme[0]"),
        ("de: GSD", "fr: GSD", 12, "tasks.pos.data.files.fr"),
        ("source: conllu", "source: conlu", 12, "tasks.pos.data.source"),
        ("epochs: 1", "epochs: 0", 16, "tasks.pos.training.epochs"),
        ("  pos:", "  POS:", 11, "tasks.POS"),
        ("evidence: scaled", "evidence: Scaled", 3, "evidence"),
    ],
)
def test_a_fault_is_told_with_its_line_and_key(
    tmp_path: Path, old: str, new: str, line: int, key: str
) -> None:
    problem = problem_of(write(tmp_path, (old, new)))
    assert (problem.line, problem.key) == (line, key)


def test_an_unknown_name_lists_what_there_is() -> None:
    with pytest.raises(UserError, match="no setting 'wolrd'"):
        load_setting("wolrd")


def test_an_absent_file_is_told() -> None:
    with pytest.raises(SpecErrors, match="no such file"):
        load_setting("nowhere/own.yaml")

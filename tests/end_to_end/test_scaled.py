"""The shipped setting `scaled` over real corpora, with a tiny random BERT in place of its own.

The scores mean nothing; that every task of it can be planned and run does.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from reproduce.book import load_setting
from reproduce.data.conllu import read_sentences
from reproduce.pretrain.tokenizer import train_tokenizer
from tests.data.real import DATA, real
from tests.end_to_end.conftest import Project
from tests.tiny import make_checkpoint

ROOT = Path(__file__).resolve().parents[2]
TASKS = ("pos", "ner", "xnli", "pawsx")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    path = real("ud/English-EWT/train.conllu")
    sentences = islice(read_sentences(path, name="English-EWT", language="en"), 1500)
    tokenizer = train_tokenizer((" ".join(s.words) for s in sentences), 2000)
    words = sorted(tokenizer.get_vocab(), key=tokenizer.token_to_id)
    make_checkpoint(tmp_path / "bert", layers=3, hidden=32, words=words)
    return Project(tmp_path)


def small() -> list[str]:
    sizes = {"train": 32, "dev": 8, "test": 10, "training.epochs": 1}
    return [f"setting.tasks.{t}.{k}={v}" for t in TASKS for k, v in sizes.items()]


def options(*more: str) -> list[str]:
    changes = ["setting.checkpoint=/nowhere", *small(), "experiment.seeds.looks=[2]", *more]
    return [part for change in changes for part in ("--set", change)]


def test_the_four_tasks_run_in_the_setting_scaled(project: Project) -> None:
    changes = options("experiment.layers=[1, 2]", f"setting.checkpoint={project.folder / 'bert'}")
    run = project.json(
        "run", str(ROOT / "claims" / "best_layer.yaml"), "--setting", "scaled",
        "--data", str(DATA), "--executor", "inline", *changes[2:],
    )  # fmt: skip
    assert run["trained"] == 3 * 2 * len(TASKS)
    assert run["failures"] == []
    (verdict,) = run["verdicts"]
    assert verdict["evidence"] == "scaled"
    languages = {
        piece["language"]
        for trial in run["claims"][0]["design"]["trials"]
        for piece in trial["cell"]["evaluate"]
    }
    # Each task is evaluated in the languages that it has data of.
    assert {"en", "mr", "fo", "hr", "hi", "zh"} - languages <= {"hr"}


def test_without_the_folder_of_corpora_a_person_is_told_how_to_name_it(project: Project) -> None:
    done = project.call(
        "plan", str(ROOT / "claims" / "dlfa_gain_pos.yaml"), "--setting", "scaled",
        "--set", f"setting.checkpoint={project.folder / 'bert'}",
    )  # fmt: skip
    assert done.returncode == 2
    assert "this setting reads corpora from a folder that you name" in done.stderr
    assert "--data FOLDER" in done.stderr


def test_an_embedded_checkpoint_that_does_not_exist_is_named(project: Project) -> None:
    done = project.call(
        "plan", str(ROOT / "claims" / "dlfa_gain_pos.yaml"), "--setting", "scaled",
        "--data", str(project.folder), "--set", "setting.checkpoint=embedded:huge",
    )  # fmt: skip
    assert done.returncode == 2
    assert "there is no embedded checkpoint 'huge'" in done.stderr


def test_rows_that_are_trained_on_are_evaluated_in_no_language() -> None:
    for task in ("xnli", "pawsx"):
        options = load_setting("scaled").tasks[task].data.options
        bounds = [
            [int(end) for end in str(options[f"{split}_rows"]).split("-")]
            for split in ("train", "dev", "test")
        ]
        ordered = [end for pair in bounds for end in pair]
        assert ordered == sorted(set(ordered))
        # Pairs of one premise stay on one side.
        per_cluster = int(options.get("rows_per_cluster", 1))
        assert all(first % per_cluster == 1 % per_cluster for first, _ in bounds)


def test_every_corpus_that_the_setting_names_is_there() -> None:
    from reproduce.nouns.source import SOURCES

    real("ud")
    setting = load_setting("scaled", data=DATA)
    for task, choice in setting.tasks.items():
        source = SOURCES.get(choice.data.source)
        for language in choice.data.files:
            assert source.describe(choice.data, task, language, "test", 3).count == 3

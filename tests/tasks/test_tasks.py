from __future__ import annotations

import subprocess
import sys

import pytest

from reproduce.errors import UserError
from reproduce.nouns.record import COLUMNS
from reproduce.nouns.sentence import Sentence, SentencePair
from reproduce.tasks import TASKS

NAMES = (
    "bangor_pos", "calcs_ner", "dialogue_nli", "fg_pos", "lid", "ner", "pawsx", "pos", "retrieval",
    "sentiment", "text", "xnli",
)  # fmt: skip


def test_the_tasks_are_registered():
    assert tuple(TASKS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_task_fits_the_nouns(name):
    task = TASKS.get(name)
    noun = Sentence if task.form in ("words", "sentence", "text") else SentencePair
    assert task.name == name
    assert task.field in noun.__slots__
    assert task.metric in COLUMNS
    assert len(set(task.labels)) == len(task.labels)


def test_pos_has_the_seventeen_universal_tags():
    assert len(TASKS.get("pos").labels) == 17


def test_every_inside_label_has_its_beginning():
    labels = TASKS.get("ner").labels
    assert {name[2:] for name in labels if name[0] == "I"} == {"PER", "ORG", "LOC"}
    assert {name[2:] for name in labels if name[0] == "B"} == {"PER", "ORG", "LOC"}


def test_a_mistyped_task_names_the_nearest():
    with pytest.raises(UserError, match="did you mean 'xnli'"):
        TASKS.get("xlni")


def test_tasks_import_nothing_heavy():
    code = (
        "import sys; from reproduce.tasks import TASKS; [TASKS.get(n) for n in TASKS];"
        "sys.exit(bool({'torch', 'transformers', 'ray'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0

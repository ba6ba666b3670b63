from __future__ import annotations

import pytest

from reproduce.errors import DataError
from reproduce.nouns.cell import Whereabouts
from reproduce.nouns.sentence import Sentence, SentencePair
from reproduce.nouns.setting import DataChoice
from reproduce.nouns.source import SOURCES
from reproduce.tasks import TASKS
from reproduce.world.source import SOURCE

CHOICE = DataChoice(source="world")
NOWHERE = Whereabouts(checkpoints={})


def test_it_is_the_source_called_world() -> None:
    assert SOURCES.get("world") is SOURCE


@pytest.mark.parametrize("task", ["pos", "ner", "xnli", "pawsx"])
def test_it_yields_the_labels_of_each_task(task: str) -> None:
    piece = SOURCE.describe(CHOICE, task, "avo", "train", 80)
    found = SOURCE.load(piece, NOWHERE)
    assert len(found) == piece.count == 80
    noun = TASKS.get(task)
    assert isinstance(found[0], Sentence if noun.form == "words" else SentencePair)
    values = [getattr(example, noun.field) for example in found]
    labels = {label for v in values for label in ((v,) if noun.form == "pair" else v)}
    assert labels <= set(noun.labels) and len(labels) > 1


def test_a_longer_slice_begins_with_the_shorter() -> None:
    short, long = (SOURCE.describe(CHOICE, "pos", "ava", "dev", n) for n in (5, 9))
    assert SOURCE.load(long, NOWHERE)[:5] == SOURCE.load(short, NOWHERE)


def test_tagging_tasks_share_no_sentences() -> None:
    words = [
        {e.words for e in SOURCE.load(SOURCE.describe(CHOICE, t, "ava", "train", 100), NOWHERE)
         if isinstance(e, Sentence)}
        for t in ("pos", "ner")
    ]  # fmt: skip
    assert not words[0] & words[1]


def test_counter_worlds_are_options() -> None:
    choice = DataChoice(source="world", options={"kinship": False})
    piece = SOURCE.describe(choice, "pos", "avo", "dev", 5)
    plain = SOURCE.describe(CHOICE, "pos", "avo", "dev", 5)
    assert piece.name == "world-no-kinship" and piece.digest != plain.digest
    assert SOURCE.load(piece, NOWHERE) != SOURCE.load(plain, NOWHERE)


def test_a_slice_of_another_version_is_refused() -> None:
    piece = SOURCE.describe(CHOICE, "pos", "ava", "dev", 5).model_copy(update={"digest": "0" * 64})
    with pytest.raises(DataError, match="plan and run again"):
        SOURCE.load(piece, NOWHERE)


def test_an_unknown_language_gets_the_nearest() -> None:
    with pytest.raises(DataError, match="did you mean 'avo'"):
        SOURCE.describe(CHOICE, "pos", "avoo", "dev", 5)


def test_an_unknown_task_is_refused() -> None:
    with pytest.raises(DataError, match="no task 'qa'"):
        SOURCE.describe(CHOICE, "qa", "ava", "dev", 5)


@pytest.mark.parametrize("options", [{"kinsip": False}, {"kinship": "no"}])
def test_bad_options_are_refused(options: dict[str, str | int | float | bool]) -> None:
    choice = DataChoice(source="world", options=options)
    with pytest.raises(DataError, match="kin"):
        SOURCE.describe(choice, "pos", "ava", "dev", 5)

"""The source `codeswitch`: corpora of the world by their names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reproduce.codeswitch import source as module
from reproduce.codeswitch.source import (
    SOURCE,
    generated,
    pin_key,
    pins,
    real_spf,
    sentences,
    whole_digest,
)
from reproduce.errors import DataError
from reproduce.nouns.cell import DataSlice, Whereabouts
from reproduce.nouns.setting import DataChoice
from reproduce.tasks import TASKS
from tests.codeswitch.pin_corpora import wanted

NOWHERE = Whereabouts(checkpoints={})
CHOICE = DataChoice(source="codeswitch")


def piece(corpus: str, task: str = "pos", split="train", count: int = 20) -> DataSlice:
    return SOURCE.describe(CHOICE, task, corpus, split, count)


@pytest.mark.parametrize("arm", ["", "@source", "@second", "@both", "@dictionary", "@random",
                                 "@insertion", "@ec", "@roman", "@native"])  # fmt: skip
def test_an_arm_has_as_many_sentences_as_asked_each_with_language_ids(arm: str) -> None:
    sentences = SOURCE.load(piece(f"ava--ost{arm}"), NOWHERE)
    assert len(sentences) == 20
    assert all(len(s.languages) == len(s.words) == len(s.tags) for s in sentences)


def test_a_longer_slice_begins_with_the_shorter_one() -> None:
    few, many = (SOURCE.load(piece("ava--kyr@ec", count=n), NOWHERE) for n in (10, 40))
    assert many[:10] == few


def test_real_training_and_test_sentences_share_no_meaning() -> None:
    train, test = (SOURCE.load(piece("ava--kyr", split=s), NOWHERE) for s in ("train", "test"))
    assert not {s.cluster for s in train} & {s.cluster for s in test}


@pytest.mark.parametrize("task", ["ner", "lid"])
def test_labels_are_those_of_the_task(task: str) -> None:
    known = set(TASKS.get(task).labels)
    sentences = SOURCE.load(piece("ava--kyr", task, count=100), NOWHERE)
    assert {label for s in sentences for label in getattr(s, TASKS.get(task).field)} <= known


@pytest.mark.parametrize("method", ["dictionary", "random", "insertion", "ec"])
@pytest.mark.parametrize("pair", ["ava--ost", "ava--kyr"])
def test_generated_sentences_switch_as_often_as_real_ones(method: str, pair: str) -> None:
    made = generated(pair, method, 300)
    real = real_spf(pair)
    assert made.target == pytest.approx(sum(real) / len(real))
    assert made.reached


@pytest.mark.parametrize(
    ("corpus", "split", "message"),
    [
        ("ava--xyz", "train", "no pair of two languages"),
        ("ava--ava", "train", "no pair of two languages"),
        ("ava", "train", "no pair of two languages"),
        ("ava--ost@made-up", "train", "unknown data arm"),
        ("ava--ost@ec", "test", "for training"),
    ],
)
def test_a_corpus_that_there_is_not_is_refused(corpus: str, split, message: str) -> None:
    with pytest.raises(DataError, match=message):
        piece(corpus, split=split)


def test_a_slice_of_another_version_is_refused() -> None:
    with pytest.raises(DataError, match="was another when this was planned"):
        SOURCE.load(piece("ava--ost").model_copy(update={"digest": "0"}), NOWHERE)


def test_a_task_without_mixed_data_is_refused() -> None:
    with pytest.raises(DataError, match="no code-switched data"):
        piece("ava--ost", "xnli")


def test_the_corpora_of_the_shipped_claims_are_pinned_by_all_their_sentences() -> None:
    assert {pin_key(*one) for one in wanted()} == set(pins())
    for one in wanted():
        if one[2] <= 200:  # the others are made as their first sentences are
            assert whole_digest(*one) == pins()[pin_key(*one)]


def test_a_sentence_beyond_the_first_ones_that_changed_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = piece("ava--kyr", split="test", count=200)
    SOURCE.load(found, NOWHERE)
    other = {**pins(), pin_key("ava--kyr", "test", 200): "0" * 32}
    monkeypatch.setattr(module, "pins", lambda: other)
    with pytest.raises(DataError, match="no longer those that records were made from"):
        SOURCE.load(found, NOWHERE)


def test_any_other_corpus_has_all_its_sentences_in_its_identity(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = piece("ava--kyr@random", count=30)
    made = sentences("ava--kyr@random", "train", 30)
    last = replace(made[-1], words=(*made[-1].words[:-1], "x"))
    monkeypatch.setattr(module, "sentences", lambda *_: (*made[:-1], last))
    module._digest.cache_clear()
    after = piece("ava--kyr@random", count=30)
    module._digest.cache_clear()
    assert before.digest != after.digest

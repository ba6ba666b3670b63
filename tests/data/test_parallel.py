from __future__ import annotations

import pytest

from reproduce.data.parallel import SOURCE
from reproduce.errors import DataError
from reproduce.nouns.cell import Whereabouts
from reproduce.nouns.setting import DataChoice
from tests.data.real import DATA, real


def write(folder, own: str, other: str) -> DataChoice:
    (folder / "a.af").write_text(own)
    (folder / "a.en").write_text(other)
    return DataChoice(source="parallel", folder=str(folder), files={"af": "a.af | a.en"})


def load(choice: DataChoice, folder):
    piece = SOURCE.describe(choice, "retrieval", "af", "test", 99)
    places = Whereabouts(checkpoints={}, corpora={f"parallel/{piece.name}": str(folder)})
    return SOURCE.load(piece, places)


def test_lines_stand_beside_their_translations(tmp_path):
    found = load(write(tmp_path, "a b\nc\n", "x\r\ny z\r\n"), tmp_path)
    assert [(p.first.words, p.second.words) for p in found] == [
        (("a", "b"), ("x",)),
        (("c",), ("y", "z")),
    ]
    assert found[0].first.cluster == found[0].second.cluster != found[1].cluster
    assert (found[0].first.language, found[0].second.language) == ("af", "en")


@pytest.mark.parametrize(
    ("own", "other", "message"),
    [
        ("a\nb\n", "x\n", "a.en: it ends before line 2"),
        ("a\n", "x\ny\n", "a.af: it ends before line 2"),
        ("a\n\n", "x\ny\n", r"a.af:2: an empty line\n  next: write the sentence"),
    ],
)
def test_files_that_are_not_parallel_are_refused(tmp_path, own, other, message):
    with pytest.raises(DataError, match=message):
        load(write(tmp_path, own, other), tmp_path)


@pytest.mark.parametrize(
    ("name", "message"),
    [("a.af", "names 1 file"), ("a.af | b.en", "no such file"), ("a.af | ../a.en", "not lie")],
)
def test_a_name_that_does_not_fit_is_refused(tmp_path, name, message):
    write(tmp_path, "a\n", "x\n")
    choice = DataChoice(source="parallel", folder=str(tmp_path), files={"af": name})
    with pytest.raises(DataError, match=message):
        SOURCE.describe(choice, "retrieval", "af", "test", 9)


def test_there_is_no_training_split(tmp_path):
    with pytest.raises(DataError, match=r"no split 'train'\n.*allowed: test"):
        SOURCE.describe(write(tmp_path, "a\n", "x\n"), "retrieval", "af", "train", 9)


def test_tatoeba_is_read():
    real("tatoeba/v1")
    name = "tatoeba/v1/tatoeba.afr-eng.afr | tatoeba/v1/tatoeba.afr-eng.eng"
    choice = DataChoice(source="parallel", folder=str(DATA), files={"af": name})
    assert SOURCE.describe(choice, "retrieval", "af", "test", 5000).count == 1000

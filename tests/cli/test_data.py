from __future__ import annotations

import pytest

from reproduce.corpora import manifest
from tests.cli.conftest import Call
from tests.end_to_end.conftest import make_project


@pytest.fixture(autouse=True)
def no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REPRODUCE_DATA", raising=False)


def test_without_a_folder_everything_that_belongs_into_it_is_listed(call: Call) -> None:
    ended = call("data")
    assert ended.status == 0
    assert "ud/English-EWT/train.conllu: github.com/UniversalDependencies/" in ended.out
    assert len(call("data", "--json").json["missing"]) == len(manifest("scaled"))


def test_a_folder_that_is_not_there_is_told(call: Call) -> None:
    ended = call("data", "--data", "/nowhere")
    assert (ended.status, "there is no such folder of corpora" in ended.err) == (2, True)


def test_an_empty_folder_lists_what_cannot_be_read_and_what_is_missing(
    call: Call, tmp_path
) -> None:
    ended = call("data", "--data", tmp_path)
    assert ended.status == 2
    assert "pos en: " in ended.out
    assert f"{len(manifest('scaled'))} files of the manifest missing" in ended.out


def test_what_can_be_read_is_counted_beside_what_cannot(call: Call, tmp_path, monkeypatch) -> None:
    folder = make_project(tmp_path / "project").folder
    monkeypatch.chdir(folder)
    assert call("data", "--setting", "toy.yaml").status == 0
    train = folder / "ud" / "Aa-Toy" / "train.conllu"
    train.write_text(train.read_text()[:-9])
    ended = call("data", "--setting", "toy.yaml")
    assert (ended.status, "10 columns, separated by tabs" in ended.out) == (2, True)
    assert call("data", "--setting", "toy.yaml", "--json").status == 2

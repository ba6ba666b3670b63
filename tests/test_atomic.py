"""Files that are whole or absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reproduce import atomic


def test_a_file_takes_the_place_of_another_with_the_rights_of_any_new_file(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "file"
    for data in (b"one", b"two"):
        atomic.write_over(path, data)
    assert path.read_bytes() == b"two"
    (tmp_path / "plain").touch()
    assert path.stat().st_mode == (tmp_path / "plain").stat().st_mode
    assert os.listdir(path.parent) == ["file"]


def test_a_new_file_is_not_written_over_another(tmp_path: Path) -> None:
    assert atomic.write_new(tmp_path / "file", b"one")
    assert not atomic.write_new(tmp_path / "file", b"two")
    assert (tmp_path / "file").read_bytes() == b"one"


def test_all_files_are_there_or_none_of_them(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("mine")
    with pytest.raises(FileExistsError, match="'.*b'"):
        atomic.write_all_new({tmp_path / name: name for name in "abc"})
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"b": "mine"}


def test_a_body_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("before")
    with pytest.raises(RuntimeError), atomic.replacing(path) as partial:
        partial.write_text("half")
        raise RuntimeError
    assert path.read_text() == "before" and os.listdir(tmp_path) == ["file"]
    with atomic.replacing(path) as partial:
        partial.write_text("after")
        assert path.read_text() == "before"
    assert path.read_text() == "after" and os.listdir(tmp_path) == ["file"]


def test_a_long_name_leaves_room_for_that_of_its_temporary_file(tmp_path: Path) -> None:
    atomic.write_over(tmp_path / ("x" * 255), b"data")
    assert os.listdir(tmp_path) == ["x" * 255]

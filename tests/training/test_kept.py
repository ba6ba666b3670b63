from __future__ import annotations

import shutil
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from reproduce.training.encode import Encoded, Ragged
from reproduce.training.kept import keep


def made(rows: int = 3, fill: int = 7) -> Encoded:
    ragged = Ragged(np.full(2 * rows, fill, np.int64), np.arange(0, 2 * rows + 1, 2))
    row = np.arange(rows, dtype=np.int64)
    return Encoded(ragged, row, ragged, ragged, row, row, row)


def same(one: Encoded, two: Encoded) -> bool:
    for field in fields(Encoded):
        a, b = getattr(one, field.name), getattr(two, field.name)
        if isinstance(a, Ragged):
            if not (np.array_equal(a.flat, b.flat) and np.array_equal(a.offsets, b.offsets)):
                return False
        elif a is not None and not np.array_equal(a, b):
            return False
    return True


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("REPRODUCE_CACHE", str(tmp_path))
    return tmp_path / "encoded"


class Counting:
    """Makes a slice, and counts how often it was asked to."""

    def __init__(self, **how: int):
        self.how, self.times = how, 0

    def __call__(self) -> Encoded:
        self.times += 1
        return made(**self.how)


def test_what_was_made_once_is_read_and_memory_mapped(folder):
    make = Counting()
    first, second = keep("a", make), keep("a", make)
    assert make.times == 1
    assert same(first, second)
    assert isinstance(second.ids.flat, np.memmap)


def test_another_key_is_another_slice(folder):
    assert same(keep("a", Counting(fill=1)), made(fill=1))
    assert same(keep("b", Counting(fill=2)), made(fill=2))


def test_a_flipped_bit_and_a_torn_file_are_made_anew(folder):
    make = Counting()
    keep("a", make)
    path = folder / "a" / "ids.flat.npy"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    assert same(keep("a", make), made())
    path.write_bytes(path.read_bytes()[:40])
    assert same(keep("a", make), made())
    assert make.times == 3
    assert same(keep("a", make), made())
    assert make.times == 3


def test_a_folder_that_cannot_be_written_costs_time_and_nothing_else(folder):
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("a file in the way")
    make = Counting()
    assert same(keep("a", make), made())
    assert same(keep("a", make), made())
    assert make.times == 2


def test_what_was_not_used_for_longest_goes_first(folder, monkeypatch):
    monkeypatch.setenv("REPRODUCE_CACHE_GB", "0.0001")
    for name in "abc":
        keep(name, Counting(rows=600))
    assert not (folder / "a").exists()
    assert (folder / "c").is_dir()
    assert not list(folder.glob("partial-*"))


def test_nothing_is_kept_where_a_person_wants_nothing_kept(folder, monkeypatch):
    monkeypatch.setenv("REPRODUCE_CACHE_GB", "0")
    keep("a", Counting())
    assert not folder.exists()


def test_a_worker_that_comes_second_finds_the_first_ones(folder):
    def slow() -> Encoded:
        keep("a", Counting(fill=5))  # another worker is done meanwhile
        return made(fill=5)

    assert same(keep("a", slow), made(fill=5))
    assert [path.name for path in folder.iterdir()] == ["a"]


def test_mapped_files_outlive_their_removal(folder):
    keep("a", Counting(fill=9))
    mapped = keep("a", Counting())
    shutil.rmtree(folder)
    assert same(mapped, made(fill=9))

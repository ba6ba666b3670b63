"""Tests of the store over a folder, and of what befalls its files."""

from __future__ import annotations

import errno
import os
import resource
import socket
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reproduce.errors import StoreError
from reproduce.store import Store, atomic

ID = "ab" * 16


def _files(store):
    """All files but the index."""
    return {path for path in store.folder.rglob("*") if path.is_file()}


def test_what_is_put_is_got(store):
    assert store.put_if_absent(ID, b"bytes")
    assert store.get(ID) == b"bytes"
    assert store.has(ID)
    assert list(store.ids()) == [ID]


def test_the_first_bytes_of_an_id_stand(store):
    store.put_if_absent(ID, b"first")
    assert not store.put_if_absent(ID, b"second")
    assert store.get(ID) == b"first"


def test_looking_at_a_store_that_is_not_there_creates_nothing(store):
    assert store.get(ID) is None
    assert not store.has(ID)
    assert list(store.ids()) == []
    assert not store.folder.exists()


@given(st.text(max_size=70) | st.sampled_from(["../" * 8, "ab/../cd", "AB" * 16, "a" * 65, "ab\n"]))
def test_an_id_that_is_not_hexadecimal_is_refused(text):
    if not (8 <= len(text) <= 64 and set(text) <= set("0123456789abcdef")):
        with pytest.raises(StoreError, match="hexadecimal"):
            Store("/nonexistent").has(text)


def test_ids_are_listed_in_order_and_strange_files_are_left_out(store):
    ids = ["ff" * 16, "00" * 16, "0f" * 16]
    for id in ids:
        store.put_if_absent(id, b"")
    (store.folder / "records" / "00" / "notes.txt").write_text("mine")
    (store.folder / "records" / "README").write_text("mine")
    assert list(store.ids()) == sorted(ids)


@pytest.mark.parametrize("position", [0, 30, 100, -1])
def test_a_flipped_bit_is_found_and_the_record_set_aside(store, position):
    store.put_if_absent(ID, b"x" * 100)
    (path,) = _files(store)
    data = bytearray(path.read_bytes())
    data[position] ^= 1
    path.write_bytes(data)
    assert store.get(ID) is None
    assert not store.has(ID)
    (aside,) = store.quarantined
    assert aside.path.read_bytes() == data
    assert store.put_if_absent(ID, b"x" * 100)


@pytest.mark.parametrize("kept", [0, 10, 150])
def test_a_torn_file_is_found(store, kept):
    store.put_if_absent(ID, b"x" * 100)
    (path,) = _files(store)
    path.write_bytes(path.read_bytes()[:kept])
    assert store.get(ID) is None


def test_a_file_in_place_of_the_store_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="--store"):
        Store(tmp_path / "file")


def test_a_file_where_the_folder_should_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="--store"):
        Store(tmp_path / "file" / "store").check_writable()


def test_a_file_system_that_is_read_only_is_refused(store, monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(atomic.Path, "mkdir", refuse)
    with pytest.raises(StoreError, match="Read-only file system\n  next: .*writable"):
        store.check_writable()


def test_checking_leaves_nothing_behind(store):
    store.check_writable()
    assert _files(store) == set()


@pytest.fixture
def small_files():
    """No file may grow beyond 1,000 bytes, as if the disk were full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_write_that_fails_half_way_leaves_nothing_and_can_be_done_again(store, small_files):
    with pytest.raises(StoreError, match="run the same command again"):
        store.put_if_absent(ID, b"x" * 5000)
    assert _files(store) == set()
    assert store.put_if_absent(ID, b"x" * 500)


@pytest.fixture
def tiny_disk(tmp_path):
    """A file system of 64 kB, where that may be mounted."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a file system needs root")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_is_told_of_and_the_store_goes_on_when_there_is_space(tiny_disk):
    store = Store(tiny_disk / "store")
    ballast = tiny_disk / "ballast"
    ballast.write_bytes(b"x" * 40_000)
    with pytest.raises(StoreError, match="No space left on device\n  next: free some space"):
        store.put_if_absent(ID, os.urandom(40_000))
    assert _files(store) == set()
    ballast.unlink()
    assert store.put_if_absent(ID, b"x" * 20_000)


def test_temporary_files_of_dead_processes_are_removed_when_old(store):
    store.check_writable()
    old, young = store.scratch / "elsewhere.1.aa", store.scratch / "elsewhere.1.bb"
    own = store.scratch / f"{socket.gethostname()}.{os.getpid()}.cc"
    for path in (old, young, own):
        path.write_bytes(b"torn")
    past = time.time() - 2 * atomic.STALE_SECONDS
    os.utime(old, (past, past))
    os.utime(own, (past, past))
    Store(store.folder)
    assert _files(store) == {young, own}


def test_a_file_system_without_links_works_too(store, monkeypatch):
    def refuse(*args):
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)
    assert store.put_if_absent(ID, b"first")
    assert not store.put_if_absent(ID, b"second")
    assert store.get(ID) == b"first"


RACE = """
import sys
from reproduce.store import Store
store = Store(sys.argv[1])
print(sum(store.put_if_absent(f"{i:032x}", sys.argv[2].encode() * 1000) for i in range(100)))
"""


def test_of_two_processes_that_put_at_once_exactly_one_wins_each_id(store):
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACE, str(store.folder), letter], stdout=subprocess.PIPE
        )
        for letter in "ab"
    ]
    wins = [int(racer.communicate(timeout=60)[0]) for racer in racers]
    assert sum(wins) == 100
    contents = [store.get(id) for id in store.ids()]
    assert [contents.count(b"a" * 1000), contents.count(b"b" * 1000)] == wins
    assert len(_files(store)) == 100

"""Data from strangers: bounded in size and depth, and unable to leave the store."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from reproduce.book.document import MAX_BYTES, parse_document, read_document
from reproduce.errors import SpecErrors, StoreError
from reproduce.store import Store, logs, runs

LAUGHS = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
)
HOSTILE = {
    "aliases": LAUGHS,
    "an alias of itself": "a: &a [*a]",
    "depth": "[" * 5000,
    "depth of mappings": "{a: " * 5000,
    "many values": "a: [" + "1," * 50_000 + "]",
    "an object": "a: !!python/object/apply:os.system ['id']",
    "an object by name": "a: !!python/name:os.system",
    "a long number": "a: " + "9" * 100_000,
    "a merge bomb": "a: &a {<<: *a}",
    "many anchors": "\n".join(f"k{i}: &a{i} {{<<: *a{i - 1}}}" for i in range(1, 2000)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_at_once(name):
    begun = time.process_time()
    with pytest.raises(SpecErrors):
        parse_document(HOSTILE[name], "claim.yaml")
    assert time.process_time() - begun < 2


def test_a_large_file_is_refused_before_it_is_parsed(tmp_path):
    path = tmp_path / "claim.yaml"
    path.write_bytes(b"a: b\n" * (MAX_BYTES // 5 + 1))
    with pytest.raises(SpecErrors, match="larger than"):
        read_document(path)


@pytest.mark.parametrize(
    "id", ["../../etc/passwd", "..", "", "a" * 65, "ABCDEF00", "12345678\n", "1234567/", "\x00" * 8]
)
def test_an_id_cannot_leave_the_folder_of_the_store(tmp_path, id):
    store = Store(tmp_path / "store")
    for act in (
        lambda: store.put_if_absent(id, b"x"),
        lambda: store.get(id),
        lambda: store.supersede(id, b"x"),
        lambda: store.discard(id),
        lambda: logs.read(store, id),
        lambda: runs.load(store, f"{id}/x"),
    ):
        with pytest.raises(StoreError):
            act()
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_a_record_too_large_to_be_one_is_not_read(tmp_path: Path, monkeypatch) -> None:
    store = Store(tmp_path)
    id = "0" * 32
    store.put_if_absent(id, b"x" * 1000)
    monkeypatch.setattr("reproduce.store.folder.MAX_BYTES", 100)
    assert store.get(id) is None
    assert [q.reason for q in store.quarantined] == ["larger than a record can be"]

"""A store by URL: shared by machines, and a far side that fails loses nothing."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from reproduce.errors import StoreError
from reproduce.history import append, nights
from reproduce.nouns.cell import cell_id
from reproduce.nouns.run import Provenance
from reproduce.store import Store, logs, open_store, records
from reproduce.store.far import FarSide
from reproduce.store.index import Index
from reproduce.store.mirror import MirroredStore
from reproduce.store.outbox import Waiting
from tests.schedule.fake_runner import make_cell, make_record
from tests.store.far import Afar
from tests.verification.factory import night, standing

CELLS = [make_cell(seed) for seed in range(3)]
IDS = [cell_id(cell) for cell in CELLS]


@pytest.fixture(params=["afar", "memory"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    Afar.down = Afar.writes_down = ""
    Afar.requests = []
    place = f"{tmp_path}/far" if request.param == "afar" else f"/{tmp_path.name}"
    return f"{request.param}://{place}"


@pytest.fixture
def afar(tmp_path: Path) -> str:
    Afar.down = Afar.writes_down = ""
    return f"afar://{tmp_path}/far"


@pytest.fixture
def machine(tmp_path: Path):
    """Makes a store by URL with the working copy of one of several machines."""

    def make(url: str, name: str = "one") -> MirroredStore:
        return MirroredStore(FarSide(url), tmp_path / name)

    return make


def attempt(started: str = "2026-01-01T00:00:00.000+00:00", **more) -> logs.Attempt:
    return logs.Attempt(started=started, seconds=1.0, outcome="finished", **more)


def provenance() -> Provenance:
    from reproduce.provenance import collect

    return collect()


def test_what_one_machine_stores_another_finds(url: str, machine) -> None:
    first, second = machine(url), machine(url, "two")
    record = make_record(CELLS[0])
    assert records.put(first, record) and not records.put(first, record)
    assert second.has(IDS[0]) and not second.has(IDS[1])
    assert second.get(IDS[0]) == records.encode(record)
    assert not records.put(second, record)
    assert list(second.ids()) == [IDS[0]]


def test_records_logs_and_documents_are_brought_together(url: str, machine) -> None:
    first, second = machine(url), machine(url, "two")
    for cell in CELLS:
        records.put(first, make_record(cell))
        key = logs.save_provenance(first, provenance())
        logs.append(first, cell_id(cell), attempt(provenance=key))
    append(first, night([standing()]))
    second.bring(IDS[:2])
    assert sorted(p.stem for p in second.folder.glob("records/*/*")) == sorted(IDS[:2])
    assert logs.read(second, IDS[0]) == logs.read(first, IDS[0]) != ()
    assert [n.id for n in nights(second)] == [n.id for n in nights(first)] != []
    assert second.names("provenance") == [f"{key}.json"]
    assert Index(second).refresh() == 2


def test_the_lines_of_two_machines_become_one_log_in_order_of_time(url: str, machine) -> None:
    for name, second in (("one", 3), ("two", 1), ("three", 2)):
        logs.append(machine(url, name), IDS[0], attempt(f"2026-01-01T00:00:0{second}+00:00"))
    for name in ("one", "four"):
        store = machine(url, name)
        for _ in range(2):
            store.bring(IDS[:1])
            found = [a.started[17:19] for a in logs.read(store, IDS[0])]
            assert found == ["01", "02", "03"]


def test_a_folder_that_was_copied_there_is_a_store(tmp_path: Path, afar: str, machine) -> None:
    folder = Store(tmp_path / "far")
    records.put(folder, make_record(CELLS[0]))
    logs.append(folder, IDS[0], attempt())
    append(folder, night([standing()]))
    store = machine(afar)
    store.bring(IDS)
    assert store.get(IDS[0]) == folder.get(IDS[0])
    assert logs.read(store, IDS[0]) == logs.read(folder, IDS[0])
    assert len(nights(store)) == 1


def test_what_is_superseded_on_one_machine_is_fetched_again_by_the_others(
    url: str, machine
) -> None:
    first = machine(url)
    first.put_if_absent("ab" * 8, b"old")
    machine(url, "two").bring(["ab" * 8])
    first.supersede("ab" * 8, b"new")
    second = machine(url, "two")
    assert second.get("ab" * 8) == b"old", "not before it was asked to bring"
    second.bring(["ab" * 8])
    assert second.get("ab" * 8) == b"new"
    assert len(second.names("superseded")) == 1


def test_what_was_removed_at_the_far_side_counts_as_absent(url: str, machine) -> None:
    machine(url).put_if_absent("ab" * 8, b"bytes")
    machine(url, "two").discard("ab" * 8)
    store = machine(url)
    assert not store.has("ab" * 8) and store.get("ab" * 8) is None
    assert store.put_if_absent("ab" * 8, b"bytes")
    assert machine(url, "three").get("ab" * 8) == b"bytes"


def test_a_store_beside_it_lies_beside_it_at_the_far_side(url: str, machine) -> None:
    machine(url).beside("again/x").put_if_absent("ab" * 8, b"bytes")
    assert machine(url, "two").beside("again/x").get("ab" * 8) == b"bytes"
    assert not machine(url, "two").has("ab" * 8)


def flip(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))


def test_a_copy_with_a_flipped_bit_is_fetched_again(url: str, machine) -> None:
    store = machine(url)
    records.put(store, make_record(CELLS[0]))
    flip(store.folder / "records" / IDS[0][:2] / f"{IDS[0]}.record")
    again = machine(url)
    assert again.get(IDS[0]) == records.encode(make_record(CELLS[0]))
    assert len(again.quarantined) == 1


def test_a_flipped_bit_at_the_far_side_is_found_and_written_over(
    tmp_path: Path, afar: str, machine, caplog: pytest.LogCaptureFixture
) -> None:
    records.put(machine(afar), make_record(CELLS[0]))
    flip(tmp_path / "far" / "records" / IDS[0][:2] / f"{IDS[0]}.record")
    store = machine(afar, "two")
    store.bring(IDS)
    assert not store.has(IDS[0]) and records.load(store, IDS[0]) is None
    assert "corrupt" in caplog.text
    assert records.put(store, make_record(CELLS[0]))
    assert machine(afar, "three").get(IDS[0]) == records.encode(make_record(CELLS[0]))


def test_nothing_but_whole_files_is_ever_at_the_far_side(
    tmp_path: Path, afar: str, machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upload that breaks off leaves the place empty, and no temporary file."""

    def torn(self, path, value, mode="overwrite", **kwargs):
        Path(path).write_bytes(value[: len(value) // 2])
        raise ConnectionResetError("connection reset by peer")

    monkeypatch.setattr(Afar, "pipe_file", torn)
    store = machine(afar)
    assert records.put(store, make_record(CELLS[0])), "it is stored here"
    assert [p for p in (tmp_path / "far").rglob("*") if p.is_file()] == []
    monkeypatch.undo()
    machine(afar).settle()
    assert machine(afar, "two").get(IDS[0]) == records.encode(make_record(CELLS[0]))


def test_a_far_side_that_fails_in_the_middle_is_told_once_and_loses_nothing(
    afar: str, machine, caplog: pytest.LogCaptureFixture
) -> None:
    store = machine(afar)
    records.put(store, make_record(CELLS[0]))
    Afar.writes_down = "the bucket is full"
    caplog.set_level(logging.WARNING)
    for cell in CELLS[1:]:
        assert records.put(store, make_record(cell))
        logs.append(store, cell_id(cell), attempt())
    append(store, night([standing()]))
    assert caplog.text.count("the bucket is full") == 1
    assert [store.has(id) for id in IDS] == [True] * 3
    with pytest.raises(StoreError, match="5 files could not be sent .* the bucket is full"):
        store.settle()
    Afar.writes_down = ""
    store.settle()
    other = machine(afar, "two")
    other.bring(IDS)
    assert [other.get(id) for id in IDS] == [records.encode(make_record(c)) for c in CELLS]
    assert len(logs.read(other, IDS[2])) == 1 and len(nights(other)) == 1
    store.settle()


def test_what_a_dead_process_left_waiting_is_sent_by_the_next(afar: str, machine) -> None:
    Afar.writes_down = "no route to host"
    records.put(machine(afar), make_record(CELLS[0]))
    Afar.writes_down = ""
    store = machine(afar)
    assert store.has(IDS[0])
    store.bring(IDS)
    assert machine(afar, "two").has(IDS[0])


def test_a_note_without_its_file_is_kept_while_its_writer_may_live(afar: str, machine) -> None:
    """Between note and file lies a moment in which another process may look."""
    store = machine(afar)
    item = Waiting("new", f"records/{IDS[0][:2]}/{IDS[0]}.record")
    store._outbox.add(item)
    store.settle()
    assert list(store._outbox) == [item] and not store.has(IDS[0])


def test_of_two_machines_at_once_the_first_record_stands(
    afar: str, machine, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = machine(afar), machine(afar, "two")
    assert not first.has("ab" * 8) and not second.has("ab" * 8)
    first.put_if_absent("ab" * 8, b"one")
    second.put_if_absent("ab" * 8, b"two")
    assert first.get("ab" * 8) == second.get("ab" * 8) == b"one"
    assert "differs" in caplog.text


def test_a_far_side_that_cannot_be_reached_is_one_clear_error(afar: str, machine) -> None:
    Afar.down = "Name or service not known"
    for call in (
        lambda s: s.bring(IDS),
        lambda s: s.has(IDS[0]),
        lambda s: nights(s),
        lambda s: s.check_writable(),
    ):
        with pytest.raises(StoreError, match="Name or service not known") as caught:
            call(machine(afar))
        assert caught.value.where == afar and "network" in caught.value.next_step


def test_a_far_side_that_may_not_be_written_is_refused_before_anything_runs(
    afar: str, machine
) -> None:
    Afar.writes_down = "access denied"
    machine(afar).bring(IDS)
    with pytest.raises(StoreError, match="cannot write the store: PermissionError") as caught:
        machine(afar).check_writable()
    assert "credentials" in caught.value.next_step


@pytest.mark.parametrize(
    ("url", "message", "next_step"),
    [
        ("nosuch://bucket/x", "no place for a store", ""),
        ("s3://bucket/prefix", "library is missing", "pip install s3fs"),
        ("sftp://host/folder", "library is missing", "pip install paramiko"),
        ("zip::memory://x", "chain of file systems", ""),
        ("https://example.org/x", "what can only be read", ""),
    ],
)
def test_a_url_that_cannot_be_used_is_refused_with_what_to_do(
    url: str, message: str, next_step: str
) -> None:
    library = next_step.removeprefix("pip install ")
    if library and _there(library):
        pytest.skip(f"{library} is installed here")
    with pytest.raises(StoreError, match=message) as caught:
        open_store(url)
    assert next_step in caught.value.next_step and (caught.value.allowed or next_step)


def _there(package: str) -> bool:
    from importlib.util import find_spec

    return find_spec(package) is not None


def test_a_password_in_a_url_is_not_shown(tmp_path: Path) -> None:
    assert FarSide("memory://me:secret@host/path?key=secret").url == "memory://host/path"


def test_file_urls_are_folders(tmp_path: Path) -> None:
    for text in (f"file://{tmp_path}/store", f"local://{tmp_path}/store", f"{tmp_path}/store"):
        store = open_store(text)
        assert type(store) is Store and store.folder == tmp_path / "store"


def test_the_working_copy_lies_in_the_cache_and_urls_do_not_share_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPRODUCE_CACHE", str(tmp_path))
    folders = {open_store(f"memory://bucket/{name}").folder for name in ("a", "b", "a/", "a-b")}
    assert len(folders) == 3
    assert {folder.parent for folder in folders} == {tmp_path / "stores"}
    assert not any(folder.exists() for folder in folders), "nothing is created by looking"


def test_names_from_the_far_side_cannot_leave_the_store(tmp_path: Path, afar: str, machine) -> None:
    for name in (
        "runs/..%2f..%2fx.json",
        "runs/a b.json",
        "logs/ab/..jsonl",
        "records/ab/..record",
    ):
        path = tmp_path / "far" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"{}")
    store = machine(afar)
    store.bring(["ab" * 8])
    assert store.names("runs") == [] and list(store.ids()) == []
    assert {p.name for p in (tmp_path / "one").rglob("*") if p.is_file()} == set()

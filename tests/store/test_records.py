"""Tests of records as bytes."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reproduce.errors import StoreError
from reproduce.nouns.cell import cell_id
from reproduce.store import CorruptRecord, records
from tests.schedule.fake_runner import make_cell, make_record

GOOD = records.encode(make_record(make_cell(1)))


def _assert_same(one, other):
    assert one.content == other.content
    for name in ("statistics", "clusters", "offsets", "predictions"):
        left, right = getattr(one, name), getattr(other, name)
        assert left.dtype == right.dtype
        np.testing.assert_array_equal(left, right)


def test_a_record_comes_back_as_it_was(record):
    _assert_same(records.decode(records.encode(record)), record)


def test_the_same_record_gives_the_same_bytes(record):
    copy = replace(record, statistics=np.asfortranarray(record.statistics))
    assert records.encode(copy) == records.encode(record) == GOOD


def test_encoding_what_was_decoded_changes_nothing():
    assert records.encode(records.decode(GOOD)) == GOOD


def test_numpy_reads_the_payload(record):
    with np.load(io.BytesIO(GOOD), allow_pickle=False) as arrays:
        np.testing.assert_array_equal(arrays["statistics"], record.statistics)


@given(st.integers(0, len(GOOD) - 1))
def test_truncated_bytes_are_corrupt(length):
    with pytest.raises(CorruptRecord):
        records.decode(GOOD[:length])


@given(
    st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=8)
)
def test_mutated_bytes_are_read_whole_or_called_corrupt(changes):
    data = bytearray(GOOD)
    for place, value in changes:
        data[place] = value
    try:
        record = records.decode(bytes(data))
    except CorruptRecord:
        return
    records.encode(record)


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_corrupt(data):
    with pytest.raises(CorruptRecord):
        records.decode(data)


def _rezipped(*, compression=zipfile.ZIP_STORED, **changes):
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(GOOD)) as old,
        zipfile.ZipFile(buffer, "w", compression) as new,
    ):
        for name in old.namelist():
            new.writestr(name, changes.get(name.partition(".")[0], old.read(name)))
    return buffer.getvalue()


def _npy(array, **options):
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, **options)
    return buffer.getvalue()


PROMISES_TERABYTES = re.sub(rb"\(6,\), } {11}", b"(999999999999,), }", _npy(np.arange(6)))


@pytest.mark.parametrize(
    "data",
    [
        _rezipped(compression=zipfile.ZIP_DEFLATED),
        _rezipped(statistics=_npy(np.array([{}], dtype=object), allow_pickle=True)),
        _rezipped(statistics=_npy(np.zeros((6, 2), np.int64))),
        _rezipped(statistics=_npy(np.zeros((6, 3), np.int32))),
        _rezipped(statistics=_npy(np.full((6, 2), -1, np.int32))),
        _rezipped(clusters=_npy(np.zeros(5, np.int64))),
        _rezipped(offsets=_npy(np.array([0, 9, 8, 10, 11, 12, 30]))),
        _rezipped(predictions=_npy(np.zeros(31, np.int16))),
        _rezipped(content=b'{"cell": ' + b"[" * 100_000),
        _rezipped(content=b"{}"),
        _rezipped(clusters=PROMISES_TERABYTES),
    ],
)
def test_hostile_zips_are_corrupt(data):
    with pytest.raises(CorruptRecord):
        records.decode(data)


@pytest.mark.parametrize(
    "changes",
    [
        {"statistics": np.zeros((5, 2), np.int32)},
        {"predictions": np.zeros(3, np.int16)},
        {"offsets": np.arange(1, 8, dtype=np.int64)},
    ],
)
def test_a_record_that_does_not_fit_together_is_never_written(record, changes):
    with pytest.raises(ValueError, match=r"."):
        records.encode(replace(record, **changes))


def test_the_header_that_promises_terabytes_is_well_formed():
    assert np.lib.format.read_magic(stream := io.BytesIO(PROMISES_TERABYTES)) == (1, 0)
    assert np.lib.format.read_array_header_1_0(stream)[0] == (999999999999,)


def test_a_loss_that_is_not_a_number_is_never_written(record):
    content = record.content.model_copy(update={"epochs": (float("nan"),)})
    with pytest.raises(ValueError, match="finite"):
        records.encode(replace(record, content=content))


def test_a_stored_record_is_loaded(store, record):
    assert records.put(store, record)
    loaded = records.load(store, cell_id(record.content.cell))
    _assert_same(loaded, record)


def test_predictions_are_read_from_disk_only_when_asked_for(store, record):
    records.put(store, record)
    loaded = records.load(store, cell_id(record.content.cell))
    (path,) = (store.folder / "records").rglob("*.record")
    path.unlink()
    np.testing.assert_array_equal(loaded.statistics, record.statistics)
    with pytest.raises(StoreError, match="has gone"):
        _ = loaded.predictions


def test_a_whole_file_of_another_cell_is_set_aside(store, record):
    other = "0" * 32
    store.put_if_absent(other, records.encode(record))
    assert records.load(store, other) is None
    assert not store.has(other)
    assert "is the record of cell" in store.quarantined[0].reason


def test_bytes_that_are_whole_but_no_record_are_set_aside(store):
    store.put_if_absent("0" * 32, b"something else")
    assert records.load(store, "0" * 32) is None
    assert not store.has("0" * 32)

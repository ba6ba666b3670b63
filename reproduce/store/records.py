"""Records as bytes: a zip of NumPy arrays and a JSON file, the same bytes for the same record.

The payload is an uncompressed npz with `content.json` beside the arrays; any unzip tool opens it.
It is read without pickle, and what it claims of itself is checked before anything is allocated.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from reproduce.errors import StoreError
from reproduce.nouns.base import canonical
from reproduce.nouns.cell import cell_id
from reproduce.nouns.record import COLUMNS, Content, Record
from reproduce.store.envelope import CorruptRecord
from reproduce.store.folder import Store

_DTYPES = {"statistics": "<i4", "clusters": "<i8", "offsets": "<i8", "predictions": "<i2"}
_CONTENT = "content.json"
_MEMBERS = (_CONTENT, *(f"{name}.npy" for name in _DTYPES))
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold; any constant would do

_NPY = re.compile(
    rb"\x93NUMPY\x01\x00(..)\{'descr': '(<i[248])', 'fortran_order': False, "
    rb"'shape': \((\d{1,15}, ?(?:\d{1,15})?)\), \} *\n",
    re.DOTALL,
)

Array = npt.NDArray[np.generic]


def encode(record: Record) -> bytes:
    """The canonical bytes of a record.

    Raises:
        ValueError: arrays and content do not fit together, or a number is not finite.
    """
    _check(record)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        content = canonical(record.content.model_dump(mode="json")).encode()
        archive.writestr(_member(_CONTENT), content)
        for name, dtype in _DTYPES.items():
            array = np.ascontiguousarray(getattr(record, name), dtype=dtype)
            archive.writestr(_member(f"{name}.npy"), _npy(array))
    return buffer.getvalue()


def decode(data: bytes) -> Record:
    """The record of canonical bytes; its arrays are read-only views of them.

    Raises:
        CorruptRecord: whatever is wrong with the bytes.
    """
    try:
        content, arrays = _read(data)
        record = Record(content=content, **arrays)
        _check(record)
    except Exception as error:
        # The bytes may come from a stranger, and what zipfile, NumPy and JSON raise on hostile
        # ones is not a closed list.
        raise CorruptRecord(f"not a record: {type(error).__name__}: {error}"[:300]) from error
    return record


def put(store: Store, record: Record) -> bool:
    """Store a record under its cell's id; False if there is one already."""
    return store.put_if_absent(cell_id(record.content.cell), encode(record))


def load(store: Store, id: str) -> Record | None:
    """The record of a cell, or None where there is none, or only a corrupt one (then quarantined).

    Predictions stay on disk until they are asked for, so that a judge can hold many records.

    Raises:
        StoreError: the file cannot be read.
    """
    record = _load_whole(store, id)
    return None if record is None else _Light(record, lambda: _load_whole(store, id))


def glance(store: Store, id: str) -> Record | None:
    """The same for lists: a whole record that cannot be read is left where it is.

    Another version of the package may have written it, and may want it again.

    Raises:
        StoreError: the file cannot be read.
    """
    data = store.get(id)
    try:
        return None if data is None else _decoded(data, id)
    except CorruptRecord:
        return None


def _load_whole(store: Store, id: str) -> Record | None:
    data = store.get(id)
    try:
        return None if data is None else _decoded(data, id)
    except CorruptRecord as error:
        store.quarantine(id, str(error))
        return None


def _decoded(data: bytes, id: str) -> Record:
    record = decode(data)
    found = cell_id(record.content.cell)
    if found != id:
        raise CorruptRecord(f"it is the record of cell {found}")
    return record


class _Light(Record):
    """A record whose predictions are read from the store when they are asked for."""

    def __init__(self, record: Record, read: Callable[[], Record | None]):
        self._set("content", record.content)
        # Copies: a view would keep the whole file in memory.
        self._set("statistics", record.statistics.copy())
        self._set("clusters", record.clusters.copy())
        self._set("_read", read)

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        if name not in {"offsets", "predictions"}:
            raise AttributeError(name)
        record = self._read()
        if record is None:
            raise StoreError(
                f"the record of cell {cell_id(self.content.cell)} has gone from the store",
                next_step="run the same command again to make it anew",
            )
        self._set("offsets", record.offsets)
        self._set("predictions", record.predictions)
        return getattr(record, name)


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=_EPOCH)
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info


def _npy(array: Array) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, version=(1, 0), allow_pickle=False)
    return buffer.getvalue()


def _read(data: bytes) -> tuple[Content, dict[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if tuple(member.filename for member in members) != _MEMBERS:
            raise ValueError("its members are not those of a record")
        # Stored members cannot unpack to more than there is, which rules out zip bombs.
        if any(member.compress_type != zipfile.ZIP_STORED for member in members):
            raise ValueError("a member is compressed")
        parts = [archive.read(member) for member in members]
    content = Content.model_validate_json(parts[0])
    arrays = {
        name: _parse_npy(part, dtype)
        for (name, dtype), part in zip(_DTYPES.items(), parts[1:], strict=True)
    }
    return content, arrays


def _parse_npy(data: bytes, dtype: str) -> Array:
    # Only the header that `_npy` writes is known; NumPy's own reader compiles it as Python, which
    # takes half the time of reading a record.
    header = _NPY.match(data)
    if header is None or header[2].decode() != dtype:
        raise ValueError(f"an array is not a plain npy of {dtype} in C order")
    start = 10 + int.from_bytes(header[1], "little")
    shape = tuple(int(size) for size in header[3].split(b",") if size.strip())
    return np.frombuffer(data, dtype, offset=start).reshape(shape)


def _check(record: Record) -> None:
    rows = len(record.statistics)
    columns = len(COLUMNS[record.content.metric])
    if record.statistics.shape != (rows, columns):
        raise ValueError(f"statistics of shape {record.statistics.shape}, not (rows, {columns})")
    if record.clusters.shape != (rows,) or record.offsets.shape != (rows + 1,):
        raise ValueError(f"clusters and offsets do not fit {rows} rows")
    if record.predictions.shape != (record.offsets[-1],):
        raise ValueError("predictions do not end where the offsets say")
    if record.offsets[0] != 0 or (np.diff(record.offsets) < 0).any():
        raise ValueError("offsets do not rise from 0")
    if rows and record.statistics.min() < 0:
        raise ValueError("a count in the statistics is negative")
    if any(not 0 <= s.start <= s.stop <= rows for s in record.content.segments):
        raise ValueError(f"a segment reaches beyond the {rows} rows")
    if not np.isfinite(record.content.epochs).all():
        raise ValueError("a training loss is not a finite number")
    if not all(np.isfinite(values).all() for values in record.content.measures.values()):
        raise ValueError("a measure is not a finite number")

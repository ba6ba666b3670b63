"""An SQLite index of the records, for lists and costs; never the truth, rebuilt at any time."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from reproduce.errors import StoreError
from reproduce.nouns.record import Record
from reproduce.store import logs, records
from reproduce.store.folder import Store
from reproduce.store.scores import language_scores

_LOG = logging.getLogger(__name__)

_CHUNK = 1000  # records entered per transaction
_VERSION = 2  # of the tables below; an index of another version is rebuilt
_SETTLED = 2.0  # seconds; a folder changed later than that may change again within its clock's tick
_TABLES = {
    "cells": "id TEXT PRIMARY KEY, kind TEXT, task TEXT, fusion TEXT, layer INTEGER, seed INTEGER, "
    "model TEXT, seconds REAL, created TEXT, scores TEXT",
    "shards": "name TEXT PRIMARY KEY, changed INTEGER",  # folders as they were when last listed
}


class Row(NamedTuple):
    """One finished cell as the index knows it.

    `seconds` and `created` are None where the run log is lost.
    """

    id: str
    kind: str
    task: str
    fusion: str
    layer: int | None
    seed: int
    model: str
    seconds: float | None
    created: str | None
    scores: dict[str, float]  # language -> percentage points, last checkpoint, test


class Index:
    """The index of one store; safe with several processes at once.

    Where the folder cannot be written, it is built in memory.
    """

    def __init__(self, store: Store):
        self._store = store
        self._path = store.folder / "index.sqlite"
        self._memory: sqlite3.Connection | None = None

    def add(self, id: str, record: Record, seconds: float | None, created: str | None) -> None:
        """Enter one record; a failure is only logged, since the next `refresh` mends it."""
        try:
            self._insert([_row_of(id, record, seconds, created)])
        except StoreError as error:
            _LOG.info("cell %s is not in the index: %s", id, error)

    def rebuild(self) -> int:
        """Make the index anew from the records and their logs; says how many there are."""
        if self._store.folder.is_dir():
            with self._connection() as connection:
                connection.execute("DELETE FROM cells")
                connection.execute("DELETE FROM shards")
        return self.refresh()

    def refresh(self) -> int:
        """Enter what is missing, drop what has gone, and say how many records there are.

        Only folders that were changed since the last time are listed.
        """
        if not self._store.folder.is_dir():
            return 0
        changed = self._changed_shards()
        for shard in sorted(changed):
            self._refresh_shard(shard)
        self._note_shards(changed)
        with self._connection() as connection:
            (count,) = connection.execute("SELECT count(*) FROM cells").fetchone()
        return int(count)

    def _changed_shards(self) -> dict[str, int | None]:
        """Shard -> when it was changed, in ns, or None where that is too recent to rely on."""
        now, found = time.time_ns(), self._store.shards()
        with self._connection() as connection:
            known = dict(connection.execute("SELECT name, changed FROM shards"))
        changed: dict[str, int | None] = {
            name: moment if abs(now - moment) > _SETTLED * 1e9 else None
            for name, moment in found.items()
            if known.get(name) != moment
        }
        return changed | dict.fromkeys(known.keys() - found.keys())

    def _refresh_shard(self, shard: str) -> None:
        stored = set(self._store.ids(shard))
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT id FROM cells WHERE id >= ? AND id < ?", (shard, f"{shard}g")
            )
            known = {id for (id,) in rows}
            gone = [(id,) for id in known - stored]
            connection.executemany("DELETE FROM cells WHERE id = ?", gone)
        missing = sorted(stored - known)
        for start in range(0, len(missing), _CHUNK):
            entered = (self._row(id) for id in missing[start : start + _CHUNK])
            self._insert([row for row in entered if row is not None])

    def _note_shards(self, changed: Mapping[str, int | None]) -> None:
        if not changed:
            return
        settled = [(name, moment) for name, moment in changed.items() if moment is not None]
        passing = [(name,) for name, moment in changed.items() if moment is None]
        with self._connection() as connection:
            connection.executemany("INSERT OR REPLACE INTO shards VALUES (?, ?)", settled)
            connection.executemany("DELETE FROM shards WHERE name = ?", passing)

    def rows(self, *, task: str | None = None) -> list[Row]:
        """All finished cells, or those of one task, by id."""
        if self.refresh() == 0:
            return []
        with self._connection() as connection:
            found = connection.execute(
                "SELECT * FROM cells WHERE ?1 IS NULL OR task = ?1 ORDER BY id", (task,)
            ).fetchall()
        return [Row._make((*row[:-1], json.loads(row[-1]))) for row in found]

    def mean_seconds(self) -> dict[tuple[str, str, str], float]:
        """Measured mean core-seconds of a cell, by (kind, model, task)."""
        if self.refresh() == 0:
            return {}
        query = (
            "SELECT kind, model, task, avg(seconds) FROM cells WHERE seconds IS NOT NULL "
            "GROUP BY kind, model, task"
        )
        with self._connection() as connection:
            return {tuple(key): mean for *key, mean in connection.execute(query)}

    def _row(self, id: str) -> Row | None:
        record = records.glance(self._store, id)
        return None if record is None else _row_of(id, record, *_finished(self._store, id))

    def _insert(self, rows: list[Row]) -> None:
        marks = ", ".join("?" * len(Row._fields))
        values = [(*row[:-1], json.dumps(row.scores)) for row in rows]
        with self._connection() as connection:
            connection.executemany(f"INSERT OR REPLACE INTO cells VALUES ({marks})", values)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """A transaction, begun with a write lock so that two processes take turns."""
        try:
            connection = self._memory or self._open()
            try:
                connection.execute("BEGIN IMMEDIATE")
                with connection:
                    yield connection
            finally:
                if connection is not self._memory:
                    connection.close()
        except sqlite3.Error as error:
            raise StoreError(
                f"the index cannot be used: {error}",
                where=str(self._path),
                next_step="make sure that the disk is not full, or remove the file: "
                "it is made anew from the records",
            ) from error

    def _open(self) -> sqlite3.Connection:
        if not os.access(self._store.folder, os.W_OK):
            self._memory = _prepared(":memory:")
            return self._memory
        try:
            return _prepared(str(self._path))
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            _LOG.warning("the index %s is damaged (%s) and is made anew", self._path, error)
            self._path.unlink(missing_ok=True)
            return _prepared(str(self._path))


def _prepared(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=60, isolation_level=None)
    try:
        if _version(connection) != _VERSION:
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                if _version(connection) != _VERSION:  # another process may have been first
                    for name, table in _TABLES.items():
                        connection.execute(f"DROP TABLE IF EXISTS {name}")
                        connection.execute(f"CREATE TABLE {name} ({table}) WITHOUT ROWID")
                    connection.execute(f"PRAGMA user_version = {_VERSION}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _row_of(id: str, record: Record, seconds: float | None, created: str | None) -> Row:
    cell = record.content.cell
    return Row(
        id=id,
        kind=cell.kind,
        task=cell.task,
        fusion=cell.fusion.kind,
        layer=cell.fusion.layer,
        seed=cell.seed,
        model=cell.model,
        seconds=seconds,
        created=created,
        scores=language_scores(record),
    )


def _finished(store: Store, id: str) -> tuple[float | None, str | None]:
    for attempt in reversed(logs.read(store, id)):
        if attempt.outcome == "finished":
            known = attempt.core_seconds
            return attempt.seconds if known is None else known, attempt.started
    return None, None

"""A store by URL: a working copy on this machine, and what it shares with the far side."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from reproduce.errors import StoreError
from reproduce.store import atomic
from reproduce.store.envelope import CorruptRecord, unwrap
from reproduce.store.far import FarError, FarSide, refusal
from reproduce.store.folder import MAX_BYTES, Store, superseded_name
from reproduce.store.outbox import Outbox, Waiting

_LOG = logging.getLogger(__name__)

_T = TypeVar("_T")

_AT_ONCE = 16  # requests; what takes time is the way there and back
_PAUSE = 30.0  # seconds without a further try after the far side has failed
_DOCUMENTS = ("runs", "criteria", "history", "provenance")
_READ_TOGETHER = ("criteria", "history")
_LOG_LINES = re.compile(r"([0-9a-f]{8,64})(?:\.[0-9a-f]{16})?\.jsonl")


class MirroredStore(Store):
    """A store whose truth lies at the far side; the folder is a working copy with an outbox.

    Files of the far side are never changed, but for a record that another environment's supersedes;
    so several machines may use one URL at once. Its layout is that of a folder, except that each
    line of a run log is a file of its own, since object stores cannot append.

    What cannot be sent waits in the outbox, and is sent at the end or by the next call: computing
    never waits for the far side.
    """

    def __init__(self, far: FarSide, folder: Path):
        super().__init__(folder)
        self._far = far
        self._outbox = Outbox(self.folder / "outbox", self.scratch)
        self._listed: dict[str, dict[str, int]] = {}  # far folder -> sizes by name, listed once
        self._refused: set[str] = set()  # what the far side has and cannot be used
        self._rest_until = 0.0
        self._failed = ""  # what the far side said last

    @property
    def location(self) -> str:
        """The URL."""
        return self._far.url

    def check_writable(self) -> None:
        """Write a file here and at the far side.

        Raises:
            StoreError: one of the two cannot be written.
        """
        super().check_writable()
        name = f"tmp/probe-{time.time_ns():x}"
        try:
            self._far.write(name, b"probe")
            self._far.remove(name)
        except FarError as error:
            raise refusal(self.location, str(error), doing="write") from error

    def put_if_absent(self, id: str, data: bytes) -> bool:
        """Store bytes here and send them; a far side that fails is told once, and they wait."""
        if self.has(id):
            return False
        item = Waiting("over" if self._name(id) in self._refused else "new", self._name(id))
        self._outbox.add(item)
        stored = super().put_if_absent(id, data)
        if not stored and super().get(id) != data:  # left of what the far side has no more
            self._replace_here(id, data)
        self._send(item)
        return True

    def _replace(self, id: str, data: bytes) -> None:
        item = Waiting("over", self._name(id))
        self._outbox.add(item)
        self._replace_here(id, data)
        self._send(item)

    def _replace_here(self, id: str, data: bytes) -> None:
        super()._replace(id, data)

    def discard(self, id: str) -> None:
        """Remove a record here and at the far side."""
        super().discard(id)
        name = self._name(id)
        folder, _, last = name.rpartition("/")
        if last in self._sizes(folder):
            del self._listed[folder][last]
            self._refused.add(name)  # if it cannot be removed, what comes next goes over it
            try:
                self._far.remove(name)
            except FarError as error:
                self._tell(error)

    def has(self, id: str) -> bool:
        """Whether the far side has the record, or it waits to be sent."""
        return self._is_there(self._name(id))

    def get(self, id: str) -> bytes | None:
        """The bytes of an id, fetched if they are not here."""
        if not self.has(id):
            return None
        if not self._path(id).exists():
            self._fetch_record(id)
        data = super().get(id)
        # A copy that was damaged here has been fetched again by `quarantine`.
        return super().get(id) if data is None and self._path(id).exists() else data

    def ids(self, shard: str | None = None) -> Iterator[str]:
        """All ids of the far side, or those of one shard that are here."""
        if shard is not None:
            yield from super().ids(shard)
            return
        shards = sorted({*self._sizes("records"), *self.shards()})
        self._list([f"records/{name}" for name in shards])
        here = {id for id in super().ids() if self.has(id)}
        names = (name for shard in shards for name in self._sizes(f"records/{shard}"))
        far = {name.removesuffix(".record") for name in names if name.endswith(".record")}
        yield from sorted(here | {id for id in far if re.fullmatch(r"[0-9a-f]{8,64}", id)})

    def quarantine(self, id: str, reason: str) -> None:
        """Move a corrupt copy aside; the far side's takes its place if that is another one."""
        try:
            corrupt = self._path(id).read_bytes()
        except OSError:
            corrupt = b""
        super().quarantine(id, reason)
        name = self._name(id)
        if name.rpartition("/")[2] in self._sizes(name.rpartition("/")[0]):
            again = self._fetched_record(name)
            if again is None or again == corrupt:
                self._refuse(name)
            else:
                atomic.write_over(self._path(id), again, self.scratch)

    def names(self, folder: str) -> list[str]:
        """Names of the documents of the far side, and of those that wait to be sent."""
        waiting = [i.name for i in self._outbox if i.way != "line" and (self._at(i.name)).exists()]
        own = {n.rpartition("/")[2] for n in waiting if n.rpartition("/")[0] == folder}
        here = super().names(folder)
        far = set(self._sizes(folder))
        return sorted({*(name for name in here if name in own), *filter(_is_plain, far)})

    def read(self, name: str) -> bytes:
        """The bytes of a document, fetched if they are not here."""
        if name.startswith("logs/"):  # put together here by `bring`
            return super().read(name)
        if not self._is_there(name):
            raise FileNotFoundError(name)
        if not self._at(name).exists():
            # Whoever reads one night reads them all.
            folder = name.partition("/")[0]
            together = self.names(folder) if folder in _READ_TOGETHER else [name.rpartition("/")[2]]
            self._fetch_documents(f"{folder}/{each}" for each in together)
        return super().read(name)

    def write(self, name: str, data: bytes, *, over: bool = True) -> Path:
        """Write a document here and send it."""
        if not over and self._is_there(name):
            return self._at(name)
        item = Waiting("over" if over else "new", name)
        self._outbox.add(item)
        path = super().write(name, data)
        self._send(item)
        return path

    def append(self, name: str, line: bytes) -> None:
        """Add a line to a log here, and send it as a file of its own."""
        item = Waiting("line", f"{name.removesuffix('.jsonl')}.{_digest(line)}.jsonl")
        self._outbox.add(item, line)
        super().append(name, line)
        self._send(item)

    def beside(self, name: str) -> Store:
        """A store beside this one, at the far side too."""
        return MirroredStore(self._far.below(name), self.folder / name)

    # Bringing

    def bring(self, ids: Iterable[str]) -> None:
        """Fetch records, their logs and all documents that are not here, some at a time.

        Raises:
            StoreError: the far side cannot be reached, or does not let us read.
        """
        asked = sorted(ids)
        shards = sorted({id[:2] for id in asked})
        folders = [f"{kind}/{shard}" for kind in ("records", "logs") for shard in shards]
        self._list([*folders, *_DOCUMENTS, "superseded"])
        try:
            self._deliver()
        except FarError as error:
            self._tell(error)
        outdated = self._outdated(asked)
        self._each(self._fetch_record, [i for i in asked if self._lacks(i) or i in outdated])
        self._each(self._fetch_log, asked)
        self._fetch_documents(f"{f}/{name}" for f in _DOCUMENTS for name in self.names(f))

    def _lacks(self, id: str) -> bool:
        return self.has(id) and not self._path(id).exists()

    def _outdated(self, ids: Iterable[str]) -> set[str]:
        """Ids whose copies here are of a record that another machine has superseded."""
        found = set()
        gone = self._sizes("superseded")
        known = {name.partition(".")[0] for name in gone}
        for id in known & set(ids):
            path = self._path(id)
            waits = self._outbox.has(Waiting("over", self._name(id)))
            if path.exists() and not waits:
                name = superseded_name(id, path.read_bytes())
                if name.rpartition("/")[2] in gone:
                    found.add(id)
        return found

    def _fetch_record(self, id: str) -> None:
        name = self._name(id)
        data = self._fetched_record(name)
        if data is None:
            self._refuse(name)
        else:
            atomic.write_over(self._path(id), data, self.scratch)

    def _fetched_record(self, name: str) -> bytes | None:
        """The file of a record at the far side; None where it is gone or damaged."""
        folder, _, last = name.rpartition("/")
        if self._sizes(folder).get(last, 0) > MAX_BYTES:
            _LOG.warning("%s/%s is larger than a record can be", self.location, name)
            return None
        try:
            data = self._far.read(name)
        except FarError as error:
            raise refusal(self.location, str(error), doing="read") from error
        try:
            if data is not None:
                unwrap(data)
        except CorruptRecord as error:
            _LOG.warning("%s/%s is corrupt (%s)", self.location, name, error)
            return None
        return data

    def _fetch_log(self, id: str) -> None:
        """Have all lines of a log, in the order of their times."""
        folder, name = f"logs/{id[:2]}", f"logs/{id[:2]}/{id}.jsonl"
        try:
            here: list[bytes] = super().read(name).splitlines(keepends=True)
        except FileNotFoundError:
            here = []
        known = {f"{id}.{_digest(line)}.jsonl" for line in here}
        new = [n for n in self._sizes(folder) if _id_of_log(n) == id and n not in known]
        if not new:
            return
        fetched = [data for n in new if (data := self._far.read(f"{folder}/{n}")) is not None]
        lines = {*here, *(line for data in fetched for line in data.splitlines(keepends=True))}
        if lines != set(here):
            ordered = sorted(map(_ended, lines), key=_started)
            super().write(name, b"".join(ordered))

    def _fetch_documents(self, names: Iterable[str]) -> None:
        self._each(self._fetch_document, [name for name in names if not self._at(name).exists()])

    def _fetch_document(self, name: str) -> None:
        data = self._far.read(name)
        if data is not None:
            super().write(name, data)

    # Listing

    def _is_there(self, name: str) -> bool:
        folder, _, last = name.rpartition("/")
        if last in self._sizes(folder):
            return True
        waiting = (Waiting("new", name), Waiting("over", name))
        return any(map(self._outbox.has, waiting)) and self._at(name).exists()

    def _sizes(self, folder: str) -> dict[str, int]:
        if folder not in self._listed:
            self._list([folder])
        return self._listed[folder]

    def _list(self, folders: Iterable[str]) -> None:
        missing = [folder for folder in dict.fromkeys(folders) if folder not in self._listed]
        found: Mapping[str, dict[str, int]] = dict(
            zip(missing, self._each(self._far.sizes, missing), strict=True)
        )
        self._listed.update(found)

    def _refuse(self, name: str) -> None:
        """The far side's file counts as absent, and what comes next goes over it."""
        folder, _, last = name.rpartition("/")
        self._listed[folder].pop(last, None)
        self._refused.add(name)

    def _each(self, do: Callable[[str], _T], names: list[str]) -> list[_T]:
        if not names:
            return []
        pool = ThreadPoolExecutor(min(_AT_ONCE, len(names)))
        try:
            return list(pool.map(do, names))
        except FarError as error:
            raise refusal(self.location, str(error), doing="read") from error
        finally:
            pool.shutdown(cancel_futures=True)

    # Sending

    def settle(self) -> None:
        """Send what waits.

        Raises:
            StoreError: the far side refuses; it waits here for the next call.
        """
        try:
            self._deliver()
        except FarError as error:
            left = sum(1 for _ in self._outbox)
            raise StoreError(
                f"{left} file{'s' if left != 1 else ''} could not be sent to the store: {error}",
                where=self.location,
                next_step="nothing is lost: they wait on this machine, and the next command with "
                f"this store sends them (from {self._outbox.folder})",
            ) from error

    def _deliver(self) -> None:
        for item in list(self._outbox):
            self._push(item)

    def _send(self, item: Waiting) -> None:
        if time.monotonic() < self._rest_until:
            return
        try:
            self._push(item)
        except FarError as error:
            self._tell(error)

    def _tell(self, error: FarError) -> None:
        self._rest_until = time.monotonic() + _PAUSE
        if str(error) != self._failed:
            self._failed = str(error)
            _LOG.warning(
                "the store %s cannot be written now (%s); what is finished waits on this machine "
                "and is sent later",
                self.location,
                error,
            )

    def _push(self, item: Waiting) -> None:
        try:
            data = (
                self._outbox.data(item) if item.way == "line" else self._at(item.name).read_bytes()
            )
        except FileNotFoundError:
            data = None
        if data is None:
            if self._outbox.old(item):
                self._outbox.remove(item)
            return
        before = self._far.read(item.name) if item.way == "new" else None
        if before is None:
            self._far.write(item.name, data)
        elif before != data and item.name.startswith("records/"):
            self._yield_to(item.name, before)
        folder, _, last = item.name.rpartition("/")
        if folder in self._listed:
            self._listed[folder][last] = len(data)
        self._refused.discard(item.name)
        self._outbox.remove(item)

    def _yield_to(self, name: str, theirs: bytes) -> None:
        """Another machine was first; its record stands, if it is one."""
        try:
            unwrap(theirs)
        except CorruptRecord:
            self._far.write(name, self._at(name).read_bytes())
            return
        _LOG.warning("%s was stored by another machine meanwhile, and differs; that is kept", name)
        atomic.write_over(self._at(name), theirs, self.scratch)

    def _name(self, id: str) -> str:
        return self._path(id).relative_to(self.folder).as_posix()

    def _at(self, name: str) -> Path:
        return self.folder / name


def _is_plain(name: str) -> bool:
    return re.fullmatch(r"[0-9A-Za-z_-][0-9A-Za-z._-]*", name) is not None


def _id_of_log(name: str) -> str:
    found = _LOG_LINES.fullmatch(name)
    return found[1] if found else ""


def _digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()[:16]


def _ended(line: bytes) -> bytes:
    return line if line.endswith(b"\n") else line + b"\n"


def _started(line: bytes) -> str:
    try:
        found = json.loads(line)
        return str(found["started"])
    except (ValueError, KeyError, TypeError):
        return ""

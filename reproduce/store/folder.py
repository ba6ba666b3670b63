"""The store itself: `put_if_absent(id, bytes)` over a folder."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from reproduce.errors import StoreError
from reproduce.store import atomic
from reproduce.store.envelope import CorruptRecord, unwrap, wrap

_LOG = logging.getLogger(__name__)

_ID = re.compile(r"[0-9a-f]{8,64}")
_NAME = re.compile(r"[0-9A-Za-z_-][0-9A-Za-z._-]*")
_DOCUMENT = re.compile(rf"[a-z]+(/{_NAME.pattern})+")
_SUFFIX = ".record"
MAX_BYTES = 2**30  # a record is some hundred kB; what is larger is an attack on the memory


class Quarantined(NamedTuple):
    """A corrupt record that was moved aside and counts as absent."""

    id: str
    path: Path
    reason: str


class Store:
    """Bytes by hexadecimal id, each written once, whole or absent; safe for many processes.

    Nothing is created before the first write. Below the folder lie `records/` (in shards by the
    first two digits), `logs/`, `runs/`, `history/`, `provenance/`, `quarantine/`, `superseded/`,
    `again/` (cells run again to be compared), `tmp/` and the index.

    Beside records it keeps documents: small files that are called by their path in the folder, such
    as `runs/ID.json`.

    Attributes:
        folder: where the store lies.
        quarantined: corrupt records that this object met, in order.

    Raises:
        StoreError: the place is taken by a file.
    """

    def __init__(self, folder: Path | str):
        self.folder = Path(folder).expanduser().absolute()
        self.quarantined: list[Quarantined] = []
        if self.folder.exists() and not self.folder.is_dir():
            raise StoreError(
                "the store must be a folder, and this is a file",
                where=str(folder),
                next_step="name another folder with --store",
            )
        atomic.remove_stale(self.scratch)

    @property
    def location(self) -> str:
        """What to call the store in a message."""
        return str(self.folder)

    @property
    def scratch(self) -> Path:
        """Folder of temporary files, on the same file system as their final places."""
        return self.folder / "tmp"

    def check_writable(self) -> None:
        """Make the folder and write a file in it, to fail before anything is computed.

        Raises:
            StoreError: it cannot be written.
        """
        probe = self.scratch / f"probe-{secrets.token_hex(8)}"
        atomic.write_over(probe, b"probe", self.scratch)
        probe.unlink(missing_ok=True)

    def put_if_absent(self, id: str, data: bytes) -> bool:
        """Store bytes under an id unless it has some; says whether they were stored.

        Raises:
            StoreError: the file system refuses; nothing is left half-written.
        """
        path = self._path(id)
        return not path.exists() and atomic.write_new(path, wrap(data), self.scratch)

    def supersede(self, id: str, data: bytes) -> None:
        """Put other bytes in place of those of an id, and keep what was there aside.

        At every moment the id has one of the two, whole.

        Raises:
            StoreError: the file system refuses; what was there is kept.
        """
        with contextlib.suppress(FileNotFoundError):
            before = self._path(id).read_bytes()
            self.write(superseded_name(id, before), before, over=False)
        self._replace(id, data)

    def _replace(self, id: str, data: bytes) -> None:
        atomic.write_over(self._path(id), wrap(data), self.scratch)

    def discard(self, id: str) -> None:
        """Remove what is stored under an id, if anything is.

        Raises:
            StoreError: the file system refuses.
        """
        path = self._path(id)
        with atomic.refusing(path):
            path.unlink(missing_ok=True)

    def has(self, id: str) -> bool:
        """Whether something is stored under the id; its content is not looked at."""
        return self._path(id).exists()

    def get(self, id: str) -> bytes | None:
        """The bytes of an id, or None where there are none, or only corrupt ones.

        Raises:
            StoreError: the file cannot be read.
        """
        path = self._path(id)
        with atomic.refusing(path, doing="read"):
            try:
                with path.open("rb") as file:
                    data = file.read(MAX_BYTES + 1)
            except FileNotFoundError:
                return None
        if len(data) > MAX_BYTES:
            self.quarantine(id, "larger than a record can be")
            return None
        try:
            return unwrap(data)
        except CorruptRecord as error:
            self.quarantine(id, str(error))
            return None

    def ids(self, shard: str | None = None) -> Iterator[str]:
        """All stored ids, or those of one shard, in order."""
        root = self.folder / "records"
        with atomic.refusing(root, doing="read"):
            for name in sorted(self.shards()) if shard is None else [shard]:
                if (root / name).is_dir():
                    yield from sorted(_ids_in(root / name))

    def shards(self) -> dict[str, int]:
        """The folders of records, and when something last came into or left each, in ns."""
        root = self.folder / "records"
        with atomic.refusing(root, doing="read"):
            if not root.is_dir():
                return {}
            with os.scandir(root) as entries:
                return {e.name: e.stat().st_mtime_ns for e in entries if e.is_dir()}

    def quarantine(self, id: str, reason: str) -> None:
        """Move a corrupt record aside, so that it counts as absent."""
        path = self._path(id)
        aside = self.folder / "quarantine" / f"{id}.{secrets.token_hex(4)}{_SUFFIX}"
        try:
            aside.parent.mkdir(parents=True, exist_ok=True)
            path.rename(aside)
        except FileNotFoundError:
            return  # another process was first
        except OSError:
            aside = path  # the store cannot be written; it stays, and counts as absent all the same
        self.quarantined.append(Quarantined(id, aside, reason))
        _LOG.warning("record %s is corrupt (%s) and counts as absent: %s", id, reason, aside)

    def names(self, folder: str) -> list[str]:
        """Names of the documents in one folder of the store, in order."""
        with atomic.refusing(self.folder / folder, doing="read"):
            found = (path.name for path in (self.folder / folder).glob("*"))
            return sorted(name for name in found if _NAME.fullmatch(name))

    def read(self, name: str) -> bytes:
        """The bytes of a document.

        Raises:
            FileNotFoundError: there is none of that name.
            StoreError: it cannot be read.
        """
        path = self._document(name)
        try:
            return path.read_bytes()
        except FileNotFoundError:
            raise
        except OSError as error:
            raise atomic.refusal(path, error, doing="read") from error

    def write(self, name: str, data: bytes, *, over: bool = True) -> Path:
        """Write a document, whole or not at all; without `over` only if there is none yet.

        Raises:
            StoreError: the file system refuses; what was there is kept.
        """
        path = self._document(name)
        if over:
            atomic.write_over(path, data, self.scratch)
        elif not path.exists():
            atomic.write_new(path, data, self.scratch)
        return path

    def append(self, name: str, line: bytes) -> None:
        """Add a line to a document, in a single write.

        Raises:
            StoreError: the file system refuses.
        """
        path = self._document(name)
        with atomic.refusing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            # A line that a full disk cut short must not swallow the next one.
            start = b"" if _ends_whole(path) else b"\n"
            descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                os.write(descriptor, start + line)
            finally:
                os.close(descriptor)

    def beside(self, name: str) -> Store:
        """A store of the same kind in a folder of this one."""
        return Store(self.folder / name)

    def bring(self, ids: Iterable[str]) -> None:
        """Have records, their logs and all documents at hand; a folder has them anyway.

        Raises:
            StoreError: they cannot be reached.
        """

    def settle(self) -> None:
        """Make sure that all that was written has arrived; in a folder it has.

        Raises:
            StoreError: something has not.
        """

    def _document(self, name: str) -> Path:
        assert _DOCUMENT.fullmatch(name), f"{name!r} could lie outside the store"
        return self.folder / name

    def _path(self, id: str) -> Path:
        if not _ID.fullmatch(id):
            raise StoreError(
                f"{id!r} is not the id of a record", allowed="8 to 64 hexadecimal digits"
            )
        return self.folder / "records" / id[:2] / f"{id}{_SUFFIX}"


def _ids_in(shard: Path) -> Iterator[str]:
    with os.scandir(shard) as entries:
        for entry in entries:
            id = entry.name.removesuffix(_SUFFIX)
            if id != entry.name and _ID.fullmatch(id) and id.startswith(shard.name):
                yield id


def superseded_name(id: str, before: bytes) -> str:
    """The document that keeps a record's file after others took its place."""
    return f"superseded/{id}.{hashlib.sha256(before).hexdigest()[:8]}{_SUFFIX}"


def _ends_whole(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read() == b"\n"
    except OSError:
        return True  # absent or empty

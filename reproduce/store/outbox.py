"""What was written here and has not arrived at the far side yet; survives the process."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import quote, unquote

from reproduce.store import atomic

Way = Literal["new", "over", "line"]


class Waiting(NamedTuple):
    """One file that is to be sent.

    `new` goes where there is none yet, `over` in place of what there is; a `line` of a log carries
    its bytes itself, the others lie in the store under their name.
    """

    way: Way
    name: str


class Outbox:
    """A folder of notes. A note is made before its file is written, and removed once it is sent.

    Attributes:
        folder: where the notes lie.
    """

    def __init__(self, folder: Path, scratch: Path):
        self.folder = folder
        self._scratch = scratch

    def add(self, item: Waiting, data: bytes = b"") -> None:
        """Note that something is to be sent.

        Raises:
            StoreError: the file system refuses.
        """
        atomic.write_over(self._path(item), data, self._scratch)

    def remove(self, item: Waiting) -> None:
        """It has been sent."""
        self._path(item).unlink(missing_ok=True)

    def data(self, item: Waiting) -> bytes | None:
        """The bytes that a note carries, or None where it has gone: another process sent it."""
        try:
            return self._path(item).read_bytes()
        except FileNotFoundError:
            return None

    def has(self, item: Waiting) -> bool:
        """Whether it waits."""
        return self._path(item).exists()

    def old(self, item: Waiting) -> bool:
        """Whether its writer must have died before it wrote what the note announced."""
        with contextlib.suppress(OSError):
            age = abs(time.time() - self._path(item).stat().st_mtime)
            return age > atomic.STALE_SECONDS
        return False

    def __iter__(self) -> Iterator[Waiting]:
        ways: tuple[Way, ...] = ("new", "over", "line")
        for way in ways:
            for path in sorted((self.folder / way).glob("*")):
                yield Waiting(way, unquote(path.name))

    def _path(self, item: Waiting) -> Path:
        return self.folder / item.way / quote(item.name, safe="")

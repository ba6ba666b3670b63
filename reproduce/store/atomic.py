"""Files that are whole or absent: written beside their place, synced, then linked into it."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from reproduce.errors import StoreError

STALE_SECONDS = 3600.0
"""Age at which a temporary file of a process that no longer runs here is removed."""

_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}

_NEXT_STEPS = {
    errno.ENOSPC: "free some space, then run the same command again: what is stored is kept",
    errno.EDQUOT: "free some of your quota, then run the same command again",
    errno.EFBIG: "raise the limit on file sizes (ulimit -f), then run the same command again",
    errno.EACCES: "name a folder that you may write to with --store",
    errno.EPERM: "name a folder that you may write to with --store",
    errno.EROFS: "name a folder on a writable file system with --store",
    errno.ENOTDIR: "name a folder with --store; a file is in the way",
    errno.EEXIST: "name a folder with --store; a file is in the way",
}


def refusal(path: Path, error: OSError, *, doing: str = "write") -> StoreError:
    """The error of the package for what the file system said."""
    return StoreError(
        f"cannot {doing} the store: {error.strerror or error}",
        where=str(path),
        next_step=_NEXT_STEPS.get(error.errno or 0, "check the disk, or name another with --store"),
    )


@contextmanager
def refusing(path: Path, *, doing: str = "write") -> Iterator[None]:
    """Turns an `OSError` of the body into a `StoreError`."""
    try:
        yield
    except OSError as error:
        raise refusal(path, error, doing=doing) from error


def write_new(path: Path, data: bytes, scratch: Path) -> bool:
    """Put a file in place unless there is one; False if there is.

    Raises:
        StoreError: the file system refuses; nothing is left behind.
    """
    return _write(path, data, scratch, _link_new)


def write_over(path: Path, data: bytes, scratch: Path) -> None:
    """Put a file in place of whatever there is.

    Raises:
        StoreError: the file system refuses; what was there is kept.
    """
    _write(path, data, scratch, _replace)


def _write(path: Path, data: bytes, scratch: Path, place: Callable[[Path, Path], bool]) -> bool:
    with refusing(path):
        scratch.mkdir(parents=True, exist_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = scratch / f"{socket.gethostname()}.{os.getpid()}.{secrets.token_hex(8)}"
        try:
            _write_synced(temporary, data)
            placed = place(temporary, path)
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink()
        _sync_folder(path.parent)
        return placed


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _link_new(temporary: Path, path: Path) -> bool:
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # A file system without hard links. Two writers may then both believe to be first, which is
        # harmless: the content of a record is determined by its id.
        if path.exists():
            return False
        temporary.rename(path)
    return True


def _replace(temporary: Path, path: Path) -> bool:
    temporary.replace(path)
    return True


def _sync_folder(folder: Path) -> None:
    # Some file systems refuse to sync a folder; the file itself is synced already.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def remove_stale(scratch: Path, *, older_than: float = STALE_SECONDS) -> int:
    """Remove temporary files that killed processes left; says how many.

    A file of a process that runs on this machine is kept whatever its age, since clocks jump.
    """
    removed = 0
    with contextlib.suppress(OSError):
        for entry in list(scratch.iterdir()):
            with contextlib.suppress(OSError):
                old = abs(time.time() - entry.stat().st_mtime) > older_than
                if old and not _writer_lives(entry.name):
                    entry.unlink()
                    removed += 1
    return removed


def _writer_lives(name: str) -> bool:
    parts = name.rsplit(".", 2)
    if len(parts) != 3 or parts[0] != socket.gethostname() or not parts[1].isdigit():
        return False
    try:
        os.kill(int(parts[1]), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True

"""Files that are whole or absent: written under another name, synced, then put in place."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

STALE_SECONDS = 3600.0
"""Age at which a temporary file of a process that no longer runs here is removed."""

_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}


def write_over(path: Path, data: bytes, *, scratch: Path | None = None) -> None:
    """Put a file in place of whatever there is.

    Args:
        path: where; its folder is made.
        data: what.
        scratch: folder of the temporary file, on the same file system; default: that of the file.

    Raises:
        OSError: the file system refuses; what was there is kept.
    """
    _write(path, data, scratch, _replace)


def write_new(path: Path, data: bytes, *, scratch: Path | None = None) -> bool:
    """The same, unless there is a file already; False if there is.

    Raises:
        OSError: the file system refuses; nothing is left behind.
    """
    return _write(path, data, scratch, _link_new)


def write_all_new(contents: Mapping[Path, str]) -> None:
    """Put text files in place, all or none; what is there already is never written over.

    Raises:
        OSError: the file system refuses one, or there is one of that name; none is left behind.
    """
    written: list[Path] = []
    try:
        for path, text in contents.items():
            if not write_new(path, text.encode()):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
            written.append(path)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise


@contextmanager
def replacing(path: Path, *, scratch: Path | None = None) -> Iterator[Path]:
    """Within the body the file is written to the path given; after it, it takes its place.

    Raises:
        OSError: the file system refuses; what was there is kept.
    """
    with _temporary(path, scratch) as temporary:
        yield temporary
        _sync(temporary)
        temporary.replace(path)
    _sync_folder(path.parent)


def remove_stale(scratch: Path, *, older_than: float = STALE_SECONDS) -> int:
    """Remove temporary files that killed processes left in a folder of theirs; says how many.

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


@contextmanager
def _temporary(path: Path, scratch: Path | None) -> Iterator[Path]:
    """A name that nobody uses; whatever is left of it at the end is removed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unique = f"{socket.gethostname()}.{os.getpid()}.{secrets.token_hex(8)}"
    if scratch is None:
        temporary = path.parent / f".{path.name[:80]}.{unique}"
    else:
        scratch.mkdir(parents=True, exist_ok=True)
        temporary = scratch / unique
    try:
        yield temporary
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _write(
    path: Path, data: bytes, scratch: Path | None, place: Callable[[Path, Path], bool]
) -> bool:
    with _temporary(path, scratch) as temporary:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        placed = place(temporary, path)
    _sync_folder(path.parent)
    return placed


def _link_new(temporary: Path, path: Path) -> bool:
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # A file system without hard links. Two writers may then both believe to be first, which is
        # harmless where the content is determined by the name, as with records.
        if path.exists():
            return False
        temporary.rename(path)
    return True


def _replace(temporary: Path, path: Path) -> bool:
    temporary.replace(path)
    return True


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    # Some file systems refuse to sync a folder; the file itself is synced already.
    with contextlib.suppress(OSError):
        _sync(folder)


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

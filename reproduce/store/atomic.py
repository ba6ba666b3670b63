"""The atomic writer for a store: what the file system refuses becomes a `StoreError`."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reproduce import atomic
from reproduce.atomic import STALE_SECONDS, remove_stale
from reproduce.errors import StoreError

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
    with refusing(path):
        return atomic.write_new(path, data, scratch=scratch)


def write_over(path: Path, data: bytes, scratch: Path) -> None:
    """Put a file in place of whatever there is.

    Raises:
        StoreError: the file system refuses; what was there is kept.
    """
    with refusing(path):
        atomic.write_over(path, data, scratch=scratch)


__all__ = ["STALE_SECONDS", "refusal", "refusing", "remove_stale", "write_new", "write_over"]

"""The far side of a store by URL: an object store or another file system that fsspec knows."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any

from reproduce.errors import ReproduceError, StoreError

_URL = re.compile(r"([a-z][a-z0-9+.:-]*)://")

# Here a file appears at once when its upload is complete. Elsewhere a reader would see half of it,
# so that it is written under another name and moved.
_OBJECTS = {"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "oss", "oci", "tos", "hf"}

_READ_ONLY = {"http", "https", "github", "gist", "git", "zip", "tar", "data", "reference"}

_ALLOWED = "a folder, or the URL of a file system: s3://, gs://, az://, sftp://, hdfs://, file://"


class FarError(ReproduceError):
    """What the far side said instead of doing as it was asked."""


class FarSide:
    """Files by name below one URL.

    Attributes:
        url: to show to people; without a password that it may have carried.

    Raises:
        StoreError: an unknown protocol, or its library is not installed.
    """

    def __init__(self, url: str):
        import fsspec

        self.url = without_secrets(url)
        if "::" in url or protocol(url) in _READ_ONLY:
            what = "a chain of file systems" if "::" in url else "what can only be read"
            raise StoreError(f"{what} cannot be a store", where=self.url, allowed=_ALLOWED)
        try:
            self._system, root = fsspec.core.url_to_fs(url)
        except ImportError as error:
            package = re.search(r"(?:[Ii]nstall |requires \")(\w+)", str(error))
            raise StoreError(
                f"its library is missing: {error}",
                where=self.url,
                next_step=f"pip install {package[1]}"
                if package
                else "install it, then run it again",
            ) from error
        except ValueError as error:
            raise StoreError(
                f"this is no place for a store: {error}", where=self.url, allowed=_ALLOWED
            ) from error
        except Exception as error:
            raise refusal(self.url, _said(error), doing="open") from error
        self._root = root.rstrip("/")
        self._whole_at_once = protocol(url) in _OBJECTS

    def below(self, name: str) -> FarSide:
        """The same below one of its folders."""
        found = copy(self)
        found.url, found._root = f"{self.url.rstrip('/')}/{name}", self._path(name)
        return found

    def sizes(self, folder: str) -> dict[str, int]:
        """What lies in a folder, with sizes in bytes (0 for folders, and where unknown).

        Raises:
            FarError: it cannot be listed. A folder that is not there is empty.
        """
        path = self._path(folder)
        with _asking():
            try:
                self._system.invalidate_cache(path)
                found: list[dict[str, Any]] = self._system.ls(path, detail=True)
            except FileNotFoundError:
                return {}
        # Object stores list the folder itself where somebody made a marker for it.
        entries = ((str(entry["name"]).rstrip("/"), entry) for entry in found)
        return {
            name.rpartition("/")[2]: int(entry.get("size") or 0)
            for name, entry in entries
            if name.strip("/") != path.strip("/")
        }

    def read(self, name: str) -> bytes | None:
        """The bytes of a file, or None where there is none.

        Raises:
            FarError: it cannot be read.
        """
        with _asking():
            try:
                return bytes(self._system.cat_file(self._path(name)))
            except FileNotFoundError:
                return None

    def write(self, name: str, data: bytes) -> None:
        """Put a file in place of whatever there is, whole or not at all.

        Raises:
            FarError: it cannot be written.
        """
        path = self._path(name)
        with _asking():
            if self._whole_at_once:
                self._system.pipe_file(path, data)
                return
            partial = self._path(f"tmp/{secrets.token_hex(8)}")
            for place in (partial, path):
                self._system.makedirs(place.rpartition("/")[0], exist_ok=True)
            try:
                self._system.pipe_file(partial, data)
                self._system.mv(partial, path)
            except BaseException:
                self._remove(partial)
                raise

    def remove(self, name: str) -> None:
        """Remove a file, if it is there.

        Raises:
            FarError: it cannot be removed.
        """
        with _asking():
            try:
                self._system.rm_file(self._path(name))
            except FileNotFoundError:
                return

    def _remove(self, path: str) -> None:
        try:
            self._system.rm_file(path)
        except Exception:  # what failed before is what is told
            return

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"


def protocol(location: str) -> str:
    """`s3` of `s3://bucket`; empty for a folder."""
    found = _URL.match(location)
    return found[1] if found else ""


def without_secrets(url: str) -> str:
    """The URL without user, password and query, for messages and names."""
    return re.sub(r"[?#].*", "", re.sub(r"://[^/]*@", "://", url))


def refusal(url: str, said: str, *, doing: str) -> StoreError:
    """The error of the package for what the far side said."""
    denied = re.search(r"denied|forbidden|permission|credential|unauthorized|403|401", said, re.I)
    return StoreError(
        f"cannot {doing} the store: {said}",
        where=url,
        next_step="give credentials with the right to read, list and write, as the library of this "
        "file system takes them (its variables, its profile, or FSSPEC_... variables)"
        if denied
        else "check the address and the network, then run the same command again",
    )


@contextmanager
def _asking() -> Iterator[None]:
    # Each library behind fsspec raises errors of its own, and there is no common base.
    try:
        yield
    except Exception as error:
        raise FarError(_said(error)) from error


def _said(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}"[:300] if text else type(error).__name__

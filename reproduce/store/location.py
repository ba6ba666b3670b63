"""From what a person types after `--store` to a store: a folder, or the URL of a file system."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from reproduce.resources import caches
from reproduce.store.far import FarSide, protocol, without_secrets
from reproduce.store.folder import Store
from reproduce.store.mirror import MirroredStore

_LOCAL = ("file", "local")


def open_store(location: str | Path) -> Store:
    """The store at a folder or URL; nothing is created, and no network is used yet.

    Raises:
        StoreError: a file is in the way, or the URL is of no file system that can be used here.
    """
    text = str(location)
    kind = protocol(text)
    if not kind:
        return Store(location)
    if kind in _LOCAL:  # a folder by another name
        from fsspec.implementations.local import LocalFileSystem

        return Store(LocalFileSystem._strip_protocol(text))
    return MirroredStore(FarSide(text), working_copy(text))


def working_copy(url: str) -> Path:
    """Where the working copy of a store by URL lies on this machine."""
    shown = without_secrets(url).rstrip("/")
    key = hashlib.sha256(shown.encode()).hexdigest()[:16]
    readable = re.sub(r"[^A-Za-z0-9]+", "-", shown).strip("-")[:40]
    return caches() / "stores" / f"{readable}-{key}"

"""The run log of a cell: one JSON line per attempt, beside the record and never part of it."""

from __future__ import annotations

import contextlib
import re
from typing import Literal

from pydantic import ValidationError

from reproduce.errors import StoreError
from reproduce.nouns.base import Noun, digest
from reproduce.nouns.run import Provenance
from reproduce.store.folder import Store

_KEY = re.compile(r"[0-9a-f]{32}")
_LONGEST_TEXT = 20_000  # characters of a traceback; the end is what matters


class Attempt(Noun):
    """One try at one cell."""

    started: str  # ISO 8601, UTC
    seconds: float
    core_seconds: float | None = None  # processor time; all seconds where a GPU computed
    outcome: Literal["finished", "failed", "died", "timed out"]
    host: str = ""
    pid: int = 0
    executor: str = ""
    devices: str = ""  # CUDA_VISIBLE_DEVICES, as the worker saw it
    error: str = ""
    traceback: str = ""
    provenance: str = ""  # digest; see `save_provenance`
    timings: dict[str, float] = {}  # seconds to load code, compute, encode and store


def append(store: Store, id: str, attempt: Attempt) -> None:
    """Add a line to the log of a cell, in a single write.

    Raises:
        StoreError: the file system refuses.
    """
    short = attempt.model_copy(update={"traceback": attempt.traceback[-_LONGEST_TEXT:]})
    store.append(_name(store, id), short.model_dump_json().encode() + b"\n")


def read(store: Store, id: str) -> tuple[Attempt, ...]:
    """The attempts at a cell, oldest first; lines that are not whole are left out."""
    try:
        lines = store.read(_name(store, id)).splitlines()
    except FileNotFoundError:
        return ()
    return tuple(attempt for line in lines if (attempt := _parse(line)) is not None)


def save_provenance(store: Store, provenance: Provenance) -> str:
    """Store an environment once and say its digest, by which log lines name it."""
    key = digest(provenance.model_dump(mode="json"))[:32]
    data = provenance.model_dump_json(indent=1).encode()
    store.write(f"provenance/{key}.json", data, over=False)
    return key


def load_provenance(store: Store, key: str) -> Provenance | None:
    """An environment by its digest, or None where it is lost or torn, or the digest is none."""
    if not _KEY.fullmatch(key):
        return None
    try:
        return Provenance.model_validate_json(store.read(f"provenance/{key}.json"))
    except (StoreError, OSError, ValueError):
        return None


def copy_provenance(source: Store, target: Store, key: str) -> None:
    """Take an environment over from another store, unless it is lost there."""
    if not _KEY.fullmatch(key):
        return
    name = f"provenance/{key}.json"
    with contextlib.suppress(FileNotFoundError):
        target.write(name, source.read(name), over=False)


def _name(store: Store, id: str) -> str:
    store.has(id)  # refuses ids that are not hexadecimal
    return f"logs/{id[:2]}/{id}.jsonl"


def _parse(line: bytes) -> Attempt | None:
    try:
        return Attempt.model_validate_json(line)
    except ValidationError:
        return None

"""The run log of a cell: one JSON line per attempt, beside the record and never part of it."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from reproduce.nouns.base import Noun, digest
from reproduce.nouns.run import Provenance
from reproduce.store import atomic
from reproduce.store.folder import Store

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
    path = _path(store, id)
    short = attempt.model_copy(update={"traceback": attempt.traceback[-_LONGEST_TEXT:]})
    line = short.model_dump_json().encode() + b"\n"
    with atomic.refusing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        # A line that a full disk cut short must not swallow the next one.
        start = b"" if _ends_whole(path) else b"\n"
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(descriptor, start + line)
        finally:
            os.close(descriptor)


def read(store: Store, id: str) -> tuple[Attempt, ...]:
    """The attempts at a cell, oldest first; lines that are not whole are left out."""
    try:
        lines = _path(store, id).read_bytes().splitlines()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise atomic.refusal(_path(store, id), error, doing="read") from error
    return tuple(attempt for line in lines if (attempt := _parse(line)) is not None)


def save_provenance(store: Store, provenance: Provenance) -> str:
    """Store an environment once and say its digest, by which log lines name it."""
    key = digest(provenance.model_dump(mode="json"))[:32]
    path = store.folder / "provenance" / f"{key}.json"
    if not path.exists():
        atomic.write_new(path, provenance.model_dump_json(indent=1).encode(), store.scratch)
    return key


def copy_provenance(source: Store, target: Store, key: str) -> None:
    """Take an environment over from another store, unless it is lost there."""
    if not re.fullmatch(r"[0-9a-f]{32}", key):
        return
    name = f"provenance/{key}.json"
    if not (target.folder / name).exists():
        with contextlib.suppress(FileNotFoundError):
            data = (source.folder / name).read_bytes()
            atomic.write_new(target.folder / name, data, target.scratch)


def _path(store: Store, id: str) -> Path:
    store.has(id)  # refuses ids that are not hexadecimal
    return store.folder / "logs" / id[:2] / f"{id}.jsonl"


def _ends_whole(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read() == b"\n"
    except OSError:
        return True  # absent or empty


def _parse(line: bytes) -> Attempt | None:
    try:
        return Attempt.model_validate_json(line)
    except ValidationError:
        return None

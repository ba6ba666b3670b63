"""Manifests of runs: `runs/<run id>.json`, named so that they sort by time."""

from __future__ import annotations

import contextlib
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import ValidationError

from reproduce.errors import StoreError
from reproduce.nouns.run import Run
from reproduce.store import atomic
from reproduce.store.folder import Store

_STAMP = "%Y%m%dT%H%M%SZ"
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,79}")


def save(store: Store, run: Run) -> Path:
    """Write the manifest of a run and say where it lies.

    Raises:
        StoreError: the file system refuses.
    """
    path = _path(store, run.id)
    atomic.write_over(path, run.model_dump_json(indent=1).encode(), store.scratch)
    return path


def fresh_id(store: Store, started: datetime, suffix: str) -> str:
    """An id that sorts behind those of all runs in the store, also where a clock jumped back."""
    stamp = started.astimezone(UTC).strftime(_STAMP)
    known = ids(store)
    newest = known[-1].partition("-")[0] if known else ""
    if newest >= stamp:
        with contextlib.suppress(ValueError, OverflowError):
            later = datetime.strptime(newest, _STAMP).replace(tzinfo=UTC) + timedelta(seconds=1)
            stamp = later.strftime(_STAMP)
    return f"{stamp}-{suffix}"


def load(store: Store, id: str) -> Run:
    """A stored run.

    Raises:
        StoreError: there is none of that id, or it cannot be read.
    """
    path = _path(store, id)
    try:
        return Run.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        known = ids(store)
        raise StoreError(
            f"the store has no run {id!r}",
            where=str(store.folder),
            allowed=", ".join(known[-5:]) or "no run yet",
            next_step="`reproduce run CLAIMS` makes one",
        ) from None
    except OSError as error:
        raise atomic.refusal(path, error, doing="read") from error
    except ValidationError as error:
        raise StoreError(
            f"the run cannot be read: {error.error_count()} of its fields are not as expected",
            where=str(path),
            next_step="run the same command again; it takes what is stored and writes a new one",
        ) from error


def ids(store: Store) -> tuple[str, ...]:
    """Ids of all runs, oldest first."""
    folder = store.folder / "runs"
    names = (path.stem for path in folder.glob("*.json"))
    return tuple(sorted(name for name in names if _ID.fullmatch(name)))


def latest(store: Store) -> Run | None:
    """The newest run, or None where there is none.

    Raises:
        StoreError: it cannot be read.
    """
    known = ids(store)
    return load(store, known[-1]) if known else None


def _path(store: Store, id: str) -> Path:
    if not _ID.fullmatch(id):
        raise StoreError(
            f"{id!r} is not the id of a run", allowed="letters, digits, hyphen, underscore"
        )
    return store.folder / "runs" / f"{id}.json"

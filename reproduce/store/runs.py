"""Manifests of runs: `runs/<run id>.json`, named so that they sort by time."""

from __future__ import annotations

import contextlib
import json
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from reproduce.errors import StoreError
from reproduce.nouns.claim import CRITERION
from reproduce.nouns.run import Run
from reproduce.store.folder import Store

_LOG = logging.getLogger(__name__)

_STAMP = "%Y%m%dT%H%M%SZ"
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,79}")


def save(store: Store, run: Run) -> Path:
    """Write the manifest of a run and say where it lies.

    Raises:
        StoreError: the file system refuses.
    """
    path = store.write(_name(run.id), run.model_dump_json(indent=1).encode())
    _save_criteria(store, run)
    return path


class Criteria(NamedTuple):
    """What a run expected of its claims: a small file beside its manifest, which may be large.

    Attributes:
        run: its id.
        started: ISO 8601, UTC.
        counts: whether it was more than a first impression, and had a record.
        claims: claim -> the fields of it that decide the verdict, as JSON.
    """

    run: str
    started: str
    counts: bool
    claims: dict[str, dict[str, Any]]


def criteria(store: Store) -> Iterator[Criteria]:
    """What each run expected, oldest first; a manifest that cannot be read is left out."""
    for id in ids(store):
        if (found := _load_criteria(store, id)) is not None:
            yield found
            continue
        try:
            run = load(store, id)
        except StoreError as error:
            _LOG.warning("run %s is left out: %s", id, error)
            continue
        with contextlib.suppress(StoreError):  # a store that cannot be written is read all the same
            _save_criteria(store, run)
        yield _criteria_of(run)


def _criteria_of(run: Run) -> Criteria:
    fields = set(CRITERION)
    return Criteria(
        run=run.id,
        started=run.started,
        counts=not run.watermark and run.trained + run.reused > 0,
        claims={p.claim.id: p.claim.model_dump(mode="json", include=fields) for p in run.claims},
    )


def _save_criteria(store: Store, run: Run) -> None:
    data = json.dumps(_criteria_of(run)._asdict(), ensure_ascii=False).encode()
    store.write(_criteria_name(run.id), data)


def _load_criteria(store: Store, id: str) -> Criteria | None:
    try:
        content = json.loads(store.read(_criteria_name(id)))
        found = Criteria(**content)
        sound = found.run == id and all(isinstance(v, dict) for v in found.claims.values())
    except (StoreError, OSError, ValueError, TypeError, AttributeError):
        return None
    return found if sound else None


def _criteria_name(id: str) -> str:
    return f"criteria/{id}.json"


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
    name = _name(id)
    try:
        return Run.model_validate_json(store.read(name))
    except FileNotFoundError:
        known = ids(store)
        raise StoreError(
            f"the store has no run {id!r}",
            where=store.location,
            allowed=", ".join(known[-5:]) or "no run yet",
            next_step="`reproduce run CLAIMS` makes one",
        ) from None
    except ValidationError as error:
        raise StoreError(
            f"the run cannot be read: {error.error_count()} of its fields are not as expected",
            where=f"{store.location}/{name}",
            next_step="run the same command again; it takes what is stored and writes a new one",
        ) from error


def ids(store: Store) -> tuple[str, ...]:
    """Ids of all runs, oldest first."""
    names = (name.removesuffix(".json") for name in store.names("runs") if name.endswith(".json"))
    return tuple(sorted(name for name in names if _ID.fullmatch(name)))


def latest(store: Store) -> Run | None:
    """The newest run, or None where there is none.

    Raises:
        StoreError: it cannot be read.
    """
    known = ids(store)
    return load(store, known[-1]) if known else None


def _name(id: str) -> str:
    if not _ID.fullmatch(id):
        raise StoreError(
            f"{id!r} is not the id of a run", allowed="letters, digits, hyphen, underscore"
        )
    return f"runs/{id}.json"

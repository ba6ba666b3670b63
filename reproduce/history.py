"""The history: one file per verification in the store, and how a claim moved over the nights."""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from reproduce.errors import StoreError
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.night import Night, Standing
from reproduce.nouns.verdict import Estimate
from reproduce.store import Store

_LOG = logging.getLogger(__name__)

_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,79}")
_FLIPS = {(Outcome.SUPPORTED, Outcome.REFUTED), (Outcome.REFUTED, Outcome.SUPPORTED)}


def append(store: Store, night: Night) -> Path:
    """Write a night and say where it lies.

    Raises:
        StoreError: the file system refuses, or the id is not that of a run.
    """
    if not _ID.fullmatch(night.id):
        raise StoreError(f"{night.id!r} is not the id of a night")
    return store.write(f"history/{night.id}.json", night.model_dump_json(indent=1).encode())


def nights(
    store: Store, *, setting: str | None = None, overrides: Sequence[str] = ()
) -> tuple[Night, ...]:
    """All nights, or those of one setting and its overrides, oldest first.

    A file that cannot be read is left out with a warning: history must not stop a night.
    """
    names = [f"history/{name}" for name in store.names("history") if name.endswith(".json")]
    found = [night for name in names if (night := _read(store, name))]
    if setting is not None:
        asked = tuple(overrides)
        found = [n for n in found if n.setting == setting and n.overrides == asked]
    return tuple(sorted(found, key=lambda night: (night.number, night.id)))


def standing_of(night: Night | None, claim: str) -> Standing | None:
    """Where a claim stood in a night, if it was there."""
    standings = night.standings if night is not None else ()
    return next((s for s in standings if s.claim == claim), None)


@dataclass(frozen=True)
class Point:
    """One night of one claim.

    Attributes:
        flip: it was supported and is refuted now, or the other way round; in between it may have
            been undecided.
        drift: its estimate has left the noise of the first night with the same criterion.
    """

    night: Night
    standing: Standing
    flip: bool
    drift: bool


def timelines(nights: Sequence[Night], claim: str) -> tuple[Point, ...]:
    """The same where the nights are of several settings: each setting is compared with itself."""
    kinds = dict.fromkeys((night.setting, night.overrides) for night in nights)
    return tuple(
        point
        for kind in kinds
        for point in timeline([n for n in nights if (n.setting, n.overrides) == kind], claim)
    )


def timeline(nights: Sequence[Night], claim: str) -> tuple[Point, ...]:
    """A claim over the nights, oldest first; each comparison is within one criterion."""
    return tuple(_points(nights, claim))


def _points(nights: Sequence[Night], claim: str) -> Iterator[Point]:
    first: Standing | None = None
    decided: Outcome | None = None
    for night in nights:
        standing = standing_of(night, claim)
        if standing is None:
            continue
        if first is None or standing.criterion != first.criterion:
            first, decided = standing, None
        elif first.estimate is None:
            first = standing
        flip = decided is not None and (decided, standing.outcome) in _FLIPS
        yield Point(night, standing, flip, moved(first.estimate, standing.estimate))
        if standing.outcome in (Outcome.SUPPORTED, Outcome.REFUTED):
            decided = standing.outcome


def moved(before: Estimate | None, after: Estimate | None) -> bool:
    """Whether an estimate left its noise: by more than both half-widths, added as variances are.

    The two share seeds and test sentences, so that their true difference has less noise than that:
    what is called moved has moved. Estimates without intervals have no noise to hide in.
    """
    if before is None or after is None or before.name != after.name:
        return False
    noise = math.hypot(_half_width(before), _half_width(after))
    return abs(after.value - before.value) > noise + 1e-9


def _half_width(estimate: Estimate) -> float:
    if estimate.low is None or estimate.high is None:
        return 0.0
    return (estimate.high - estimate.low) / 2


def _read(store: Store, name: str) -> Night | None:
    try:
        return Night.model_validate_json(store.read(name))
    except (StoreError, OSError, ValidationError) as error:
        _LOG.warning("the night %s cannot be read and is left out: %s", name, error)
        return None

"""Encoded corpora on disk: made once by whichever worker comes first, memory-mapped by all.

Reading, checking and encoding a treebank takes a worker a second or two, the training data of XNLI
a minute. What is kept is keyed by the corpus's content and by the tokenizer, holds a checksum, and
can be thrown away at any time. Whatever goes wrong here, the corpus is read and encoded as usual.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

from reproduce.resources import caches
from reproduce.training.encode import Encoded, Ragged

_SUMS = "sums.json"
_LIMIT_GB = 4.0


def keep(key: str, make: Callable[[], Encoded]) -> Encoded:
    """What is kept under a key, or what `make` gives, which is then kept.

    `REPRODUCE_CACHE_GB` bounds all that is kept (4 by default; 0 keeps nothing); what was not used
    for longest goes first.
    """
    limit = _limit()
    if not limit:
        return make()
    folder = caches() / "encoded" / key
    if (found := _read(folder)) is not None:
        return found
    made = make()
    # A full disk or a folder that may not be written costs the next worker some seconds, no more.
    with contextlib.suppress(OSError):
        _write(folder, made)
        _trim(folder.parent, limit, spare=folder)
    return made


def _limit() -> float:
    """Bytes."""
    try:
        return float(os.environ.get("REPRODUCE_CACHE_GB", _LIMIT_GB)) * 1e9
    except ValueError:
        return _LIMIT_GB * 1e9


def _read(folder: Path) -> Encoded | None:
    try:
        sums = json.loads((folder / _SUMS).read_text())
        arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in sums}
        if any(_sum(arrays[name]) != sums[name] for name in sums):
            raise ValueError("a flipped bit")
        os.utime(folder)
        return _encoded(arrays)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError):
        shutil.rmtree(folder, ignore_errors=True)
        return None


def _write(folder: Path, made: Encoded) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix="partial-", dir=folder.parent))
    try:
        arrays = _arrays(made)
        for name, array in arrays.items():
            np.save(partial / f"{name}.npy", array, allow_pickle=False)
        sums = {name: _sum(array) for name, array in arrays.items()}
        (partial / _SUMS).write_text(json.dumps(sums))
        # Fails where another worker was quicker: its folder holds the same.
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _trim(kept: Path, limit: float, spare: Path) -> None:
    """Remove what was used longest ago, a killed worker's part as well, down to the limit."""
    sizes = {
        folder: sum(file.stat().st_size for file in folder.iterdir())
        for folder in sorted(kept.iterdir(), key=lambda folder: folder.stat().st_mtime)
    }
    total = sum(sizes.values())
    for folder, size in sizes.items():
        if total <= limit:
            return
        if folder != spare:
            # Workers that have mapped its files go on with them: they are unlinked, not emptied.
            shutil.rmtree(folder, ignore_errors=True)
            total -= size


def _arrays(made: Encoded) -> dict[str, npt.NDArray[np.int64]]:
    assert made.scored is None, "parts of a corpus are not kept"
    found = {}
    for field in fields(Encoded):
        value = getattr(made, field.name)
        if isinstance(value, Ragged):
            found[f"{field.name}.flat"] = value.flat
            found[f"{field.name}.offsets"] = value.offsets
        elif value is not None:
            found[field.name] = value
    return found


def _encoded(arrays: dict[str, npt.NDArray[np.int64]]) -> Encoded:
    def ragged(name: str) -> Ragged:
        return Ragged(arrays[f"{name}.flat"], arrays[f"{name}.offsets"])

    return Encoded(
        ids=ragged("ids"),
        second=arrays["second"],
        starts=ragged("starts"),
        labels=ragged("labels"),
        keys=arrays["keys"],
        clusters=arrays["clusters"],
        truncated=arrays["truncated"],
    )


def _sum(array: npt.NDArray[np.int64]) -> str:
    return hashlib.sha256(np.ascontiguousarray(array).data).hexdigest()

"""Files that travel with the package: claims, templates, settings, the embedded checkpoint."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped(kind: str) -> Path:
    """Folder of the shipped `claims`, `templates` or `settings`.

    In a checkout they lie beside the package, where people edit them; in a wheel inside it.
    """
    in_wheel = _PACKAGE / "_shipped" / kind
    return in_wheel if in_wheel.is_dir() else _PACKAGE.parent / kind


def embedded_checkpoint(name: str) -> Path:
    """Folder of an embedded checkpoint, e.g. `world`."""
    return _PACKAGE / "embedded" / name


def caches() -> Path:
    """Folder of what can be fetched again: `REPRODUCE_CACHE`, else below that of the user."""
    if own := os.environ.get("REPRODUCE_CACHE"):
        return Path(own).expanduser()
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "reproduce"

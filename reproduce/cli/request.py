"""Turns command-line arguments into a session's request."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from reproduce.session import Request


def typed_command() -> str:
    """The command as it was typed, for provenance and for running it again."""
    return shlex.join(["reproduce", *sys.argv[1:]])


def build_request(
    paths: Sequence[Path], setting: str, overrides: Sequence[str], store: Path
) -> Request:
    """Read and validate everything that the arguments name.

    Raises:
        SpecErrors: all problems of all files, at once.
        StoreError: the store cannot be used.
    """
    from reproduce.book import family_sizes, load_book, load_setting
    from reproduce.session import LoadedClaim
    from reproduce.store import Store

    book = load_book(paths, overrides=overrides)
    chosen = load_setting(setting, overrides=overrides)
    return Request(
        claims=tuple(LoadedClaim(c.claim, c.file, c.text) for c in book.claims),
        setting=chosen,
        family_sizes=family_sizes(paths),
        store=Store(store),
        overrides=tuple(overrides),
        command=typed_command(),
    )


__all__ = ["build_request", "replace", "typed_command"]

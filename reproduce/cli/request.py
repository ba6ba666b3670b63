"""Turns command-line arguments into a session's request."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from reproduce.book import (
    Book,
    check_against,
    drafts_that_would_run,
    family_sizes,
    load_book,
    load_setting,
)
from reproduce.errors import CheckpointError, Problem, SpecErrors
from reproduce.models.checkpoint import inspect_checkpoint
from reproduce.models.fusion import FUSIONS
from reproduce.nouns.setting import Setting
from reproduce.session import Request
from reproduce.store import open_store
from reproduce.tasks import TASKS


def typed_command() -> str:
    """The command as it was typed, for provenance and for running it again."""
    return shlex.join(["reproduce", *sys.argv[1:]])


def build_request(
    paths: Sequence[Path],
    setting: str,
    overrides: Sequence[str],
    store: str,
    data: Path | None = None,
) -> Request:
    """Read and validate everything that the arguments name.

    Raises:
        SpecErrors: all problems of all files, at once.
        StoreError: the store cannot be used.
    """
    book, chosen = load_specs(paths, setting, overrides, data)
    return Request(
        claims=book.claims,
        setting=chosen,
        family_sizes=family_sizes(paths),
        store=open_store(store),
        overrides=tuple(overrides),
        command=typed_command(),
        drafts=len(book.drafts),
    )


def load_specs(
    paths: Sequence[Path], setting: str, overrides: Sequence[str], data: Path | None = None
) -> tuple[Book, Setting]:
    """The book and the setting, held against each other.

    Raises:
        SpecErrors: all problems of claims and setting together.
    """
    problems: list[Problem] = []
    book = chosen = None
    try:
        book = load_book(paths, overrides=overrides)
        problems += drafts_that_would_run(book, paths)
    except SpecErrors as error:
        problems += error.problems
    try:
        chosen = load_setting(setting, overrides=overrides, data=data)
    except SpecErrors as error:
        problems += error.problems
    if book and chosen:
        problems += check_against(
            book, chosen, _layers(chosen), tasks=tuple(TASKS), fusions=tuple(FUSIONS)
        )
    if problems or not book or not chosen:
        raise SpecErrors(problems)
    return book, chosen


def _layers(setting: Setting) -> int | None:
    try:
        return inspect_checkpoint(setting.checkpoint).layers
    except CheckpointError:
        return None  # a run says what is wrong with it; claims can be validated without a model

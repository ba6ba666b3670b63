"""Overrides: `--set key=value` changes one value of every file read, before it is validated."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reproduce.book.document import Document, KeyPath, Plain, Spot, parse_value
from reproduce.errors import Problem, SpecErrors

SETTING_PREFIX = "setting."
_KEY = re.compile(r"[A-Za-z0-9_-]+(\[\d+\])*")


@dataclass(frozen=True)
class Override:
    """One parsed `--set`."""

    given: str
    keys: KeyPath
    document: Document  # the value


def parse_overrides(given: Sequence[str], *, setting: bool) -> list[Override]:
    """The overrides for the setting, or those for the claims.

    Raises:
        SpecErrors: one is not KEY=VALUE.
    """
    parsed: list[Override] = []
    problems: list[Problem] = []
    for text in given:
        if text.startswith(SETTING_PREFIX) is not setting:
            continue
        try:
            parsed.append(_parse(text, text.removeprefix(SETTING_PREFIX) if setting else text))
        except SpecErrors as error:
            problems += error.problems
    if problems:
        raise SpecErrors(problems)
    return parsed


def _parse(given: str, text: str) -> Override:
    place = f"--set {given}"
    key, equals, value = text.partition("=")
    parts = key.strip().split(".")
    if not equals or not all(_KEY.fullmatch(part) for part in parts):
        raise SpecErrors(
            [Problem(place, None, "", "not KEY=VALUE", "such as experiment.seeds.looks=[4]")]
        )
    keys: list[str | int] = []
    for part in parts:
        name, *indices = part.replace("]", "").split("[")
        keys += [name, *map(int, indices)]
    return Override(given, tuple(keys), parse_value(value, place))


def apply(document: Document, overrides: Sequence[Override]) -> Document:
    """The document with the values in place; their spots name the option.

    Raises:
        SpecErrors: a key leads through something that is no mapping or list.
    """
    problems: list[Problem] = []
    for override in overrides:
        try:
            document = _apply(document, override)
        except SpecErrors as error:
            problems += error.problems
    if problems:
        raise SpecErrors(problems)
    return document


def _apply(document: Document, override: Override) -> Document:
    place = f"--set {override.given}"
    value = _put(document.value, override.keys, override.document.value, place)
    depth = len(override.keys)
    spots = {k: s for k, s in document.spots.items() if k[:depth] != override.keys}
    spots |= {(*override.keys, *k): s for k, s in override.document.spots.items()}
    for length in range(1, depth):  # what had to be made on the way comes from the option too
        spots.setdefault(override.keys[:length], Spot(place, None))
    return replace(document, value=value, spots=spots)


def _put(target: Plain, keys: KeyPath, value: Plain, place: str) -> Plain:
    if not keys:
        return value
    key, rest = keys[0], keys[1:]
    if isinstance(key, int):
        if not isinstance(target, list) or key >= len(target):
            have = f"a list of {len(target)}" if isinstance(target, list) else "no list"
            raise SpecErrors([Problem(place, None, f"[{key}]", f"there is {have} at this key")])
        return [_put(t, rest, value, place) if i == key else t for i, t in enumerate(target)]
    if target is None:
        target = {}
    if not isinstance(target, dict):
        raise SpecErrors([Problem(place, None, key, "what stands above this key has no keys")])
    return {**target, key: _put(target.get(key), rest, value, place)}

"""Pairs of languages as settings, records and claims write them: `en--es`."""

from __future__ import annotations

_BETWEEN, _PART = "--", "@"


def pair_name(one: str, other: str) -> str:
    """The name of a pair: `ava--kor`."""
    return f"{one}{_BETWEEN}{other}"


def is_pair(name: str) -> bool:
    """Whether a name is of two languages, as in `ava--kor` or `en--es@ec`."""
    return _BETWEEN in name


def pair_codes(name: str) -> tuple[str, str] | None:
    """The codes of a pair, whatever follows an `@` left off; None for one language."""
    first, found, second = name.partition(_PART)[0].partition(_BETWEEN)
    return (first, second) if found else None

"""Named things that are found lazily: a built-in table of `module:attribute`, then entry points."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import Generic, TypeVar, cast

from reproduce.errors import UserError

T = TypeVar("T")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name closest to a mistyped one, if any is close."""
    matches = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return matches[0] if matches else None


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """The next step after a mistyped name: the closest known one, else what is said otherwise."""
    close = nearest(name, known)
    return f"did you mean {close!r}?" if close else otherwise


def names_near(name: str, known: Iterable[str], *, most: int = 12) -> str:
    """The known names as an error lists them: of many only the closest to a mistyped one."""
    names = list(known)
    if len(names) <= most:
        return ", ".join(names)
    close = difflib.get_close_matches(name, names, n=5, cutoff=0.4)
    if not close:
        return f"one of {len(names)} names"
    return ", ".join([*close, f"{len(names) - len(close)} others"])


class Registry(Generic[T]):
    """Maps the names of one noun (`fusion`, `task`, ...) to objects, imported when asked for.

    Other packages add theirs by an entry point in the group `reproduce.<noun>s`.
    """

    def __init__(self, noun: str, built_in: Mapping[str, str], *, group: str = ""):
        self.noun = noun
        self.group = group or f"reproduce.{noun}s"
        self._built_in = dict(built_in)
        self._external: dict[str, str] | None = None

    def _places(self) -> dict[str, str]:
        if self._external is None:
            found = entry_points(group=self.group)
            self._external = {e.name: e.value for e in found if e.name not in self._built_in}
        return {**self._built_in, **self._external}

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._places()))

    def __contains__(self, name: object) -> bool:
        return name in self._places()

    def get(self, name: str) -> T:
        """The object of that name.

        Raises:
            UserError: no such name; the message lists the known ones.
        """
        places = self._places()
        if name not in places:
            raise UserError(
                f"unknown {self.noun} {name!r}",
                allowed=", ".join(sorted(places)),
                next_step=did_you_mean(name, places),
            )
        module, _, attribute = places[name].partition(":")
        return cast(T, getattr(import_module(module), attribute))

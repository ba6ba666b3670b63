"""The base of all specification nouns: frozen, and strict about what they are given."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints

from reproduce.registry import Registry


class Noun(BaseModel):
    """A frozen value; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$")]
"""An id that is safe as a file name: lower-case letters, digits, dot, underscore, hyphen."""


N = TypeVar("N", bound=Noun)


def by_kind(registry: Registry[type[N]]) -> Callable[[object], object]:
    """A validator that builds the registered noun which `kind` names."""

    def build(value: object) -> object:
        if isinstance(value, dict) and isinstance(value.get("kind"), str):
            return registry.get(value["kind"]).model_validate(value)
        return value

    return build


def canonical(value: object) -> str:
    """JSON with sorted keys and no white space: the form that digests are taken of."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()

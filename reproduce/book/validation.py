"""Turns documents into nouns; what is wrong becomes problems that name file, line and key."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from reproduce.book.document import Document, KeyPath, Plain, dotted
from reproduce.book.schemas import (
    BY_KIND,
    allowed_at,
    choices_at,
    fields_at,
    pattern_words,
    wants_list,
    wants_text,
)
from reproduce.errors import Problem, SpecErrors
from reproduce.nouns.base import Noun
from reproduce.nouns.claim import Claim
from reproduce.nouns.draft import Draft
from reproduce.registry import Registry, did_you_mean, nearest

N = TypeVar("N", bound=Noun)

# What a key is for, where its allowed values alone do not say it.
_PURPOSE = {
    "unit": "what the interval is over",
    "role": "confirmatory claims are judged together with their family",
    "quote": "the claim word for word",
}


def build(model: type[N], document: Document) -> N:
    """The noun that a document holds.

    Raises:
        SpecErrors: everything that is wrong with it.
    """
    value, problems = check(model, document, (), document.value)
    if value is None:
        raise SpecErrors(_ordered(problems))
    return value


def build_claim(document: Document) -> Claim:
    """The claim that a document holds; its experiment and expectation are chosen by `kind`.

    Raises:
        SpecErrors: everything that is wrong with it.
    """
    return _build_with_kinds(Claim, document)


def build_draft(document: Document) -> Draft:
    """The draft that a document holds; what is filled in already is checked as in a claim.

    Raises:
        SpecErrors: everything that is wrong with it.
    """
    return _build_with_kinds(Draft, document)


def _build_with_kinds(model: type[N], document: Document) -> N:
    content = document.value
    if not isinstance(content, dict):
        raise SpecErrors([_wrong_value(model, document, (), content)])
    parts: dict[str, Noun] = {}
    problems: list[Problem] = []
    for key, registry in BY_KIND.items():
        if key in content:
            part, wrong = _by_kind(registry, document, key, content[key])
            problems += wrong
            if part is not None:
                parts[key] = part
    rest: dict[str, Plain] = {k: v for k, v in content.items() if k not in BY_KIND}
    present = [key for key in BY_KIND if key in content]
    problems += _rest_problems(model, document, rest, present=present)
    if problems:
        raise SpecErrors(_ordered(problems))
    return model.model_validate({**rest, **parts})


def _by_kind(
    registry: Registry[Any], document: Document, key: str, value: Plain
) -> tuple[Noun | None, list[Problem]]:
    kinds = ", ".join(registry)
    if not isinstance(value, dict) or "kind" not in value:
        found = "has no kind" if isinstance(value, dict) else f"found {_shown(value)}"
        return None, [document.problem((key,), found, allowed=f"a mapping with kind: {kinds}")]
    kind = value["kind"]
    if not isinstance(kind, str) or kind not in registry:
        found = f"unknown kind {_shown(kind)}"
        return None, [
            document.problem(
                (key, "kind"), found, allowed=kinds, next_step=_guess(kind, list(registry))
            )
        ]
    return check(registry.get(kind), document, (key,), value)


def _rest_problems(
    model: type[Noun], document: Document, rest: dict[str, Plain], *, present: Sequence[str]
) -> list[Problem]:
    errors = _errors(model, rest)
    errors = [e for e in errors if not (e["type"] == "missing" and e["loc"][0] in present)]
    return _problems(model, document, (), rest, errors)


def check(
    model: type[N], document: Document, at: KeyPath, value: Plain
) -> tuple[N | None, list[Problem]]:
    """The noun in one part of a document, or what is wrong with it."""
    try:
        # JSON's strict mode takes a list for a tuple, but no number for a text nor 3.0 for 3.
        return model.model_validate_json(json.dumps(value), strict=True), []
    except ValidationError as error:
        return None, _problems(model, document, at, value, error.errors(include_url=False))


def _errors(model: type[Noun], value: Plain) -> list[Any]:
    try:
        model.model_validate_json(json.dumps(value), strict=True)
    except ValidationError as error:
        return error.errors(include_url=False)
    return []


def _problems(
    model: type[Noun], document: Document, at: KeyPath, value: Plain, errors: Sequence[Any]
) -> list[Problem]:
    found: dict[KeyPath, Problem] = {}
    unions: dict[KeyPath, bool] = {}  # where a union stands -> whether a branch got inside
    located = []
    for error in errors:
        keys, union = _without_branches(error["loc"], value)
        if union is not None:
            unions[union] = unions.get(union, False) or len(keys) > len(union)
        located.append((keys, union, error))
    mistyped = _mistyped(model, located)
    for keys, union, error in located:
        if union is not None and unions[union] and len(keys) == len(union):
            continue  # another branch took the value and found fault inside it
        if error["type"] == "missing" and keys in mistyped:
            continue  # said once, at the unknown key
        if error["type"] == "too_short" and any(k[: len(keys)] == keys != k for k, _, _ in located):
            continue  # pydantic counts the valid items alone
        if keys not in found:
            found[keys] = _problem(model, document, at, keys, value, error)
    return list(found.values())


def _without_branches(loc: Sequence[str | int], value: Plain) -> tuple[KeyPath, KeyPath | None]:
    # pydantic's locations name the branches of unions and "[key]" beside the real keys.
    keys: list[str | int] = []
    union: KeyPath | None = None
    here = value
    for i, key in enumerate(loc):
        if _has(here, key):
            keys.append(key)
            here = _look_up(here, (key,))
        elif isinstance(here, dict) and i == len(loc) - 1 and key != "[key]":
            keys.append(key)  # a key that is missing
        elif key != "[key]":
            union = tuple(keys)
    return tuple(keys), union


def _mistyped(model: type[Noun], located: Sequence[tuple[KeyPath, Any, Any]]) -> set[KeyPath]:
    # `titel` is one mistake, although `title` is then missing too.
    missing = {keys for keys, _, error in located if error["type"] == "missing"}
    found = set()
    for keys, _, error in located:
        if error["type"] == "extra_forbidden":
            close = nearest(str(keys[-1]), fields_at(model, keys[:-1]))
            if close is not None and (*keys[:-1], close) in missing:
                found.add((*keys[:-1], close))
    return found


def _problem(
    model: type[Noun], document: Document, at: KeyPath, keys: KeyPath, value: Plain, error: Any
) -> Problem:
    kind = error["type"]
    place = (*at, *keys)
    if kind == "missing":
        purpose = _PURPOSE.get(str(keys[-1]), "")
        allowed = allowed_at(model, keys)
        allowed = f"{allowed} ({purpose})" if purpose else allowed
        return document.problem(place, "this key is missing", allowed=allowed)
    if kind == "extra_forbidden":
        known = fields_at(model, keys[:-1])
        return document.problem(
            place,
            "unknown key",
            allowed=", ".join(known),
            next_step=_guess(keys[-1], known),
        )
    if error["loc"] and error["loc"][-1] == "[key]":
        return document.problem(place, "this key is not allowed", allowed=_key_words(error))
    if kind == "value_error":
        return document.problem(place, str(error["ctx"]["error"]))
    if kind in ("too_short", "too_long"):
        return document.problem(place, str(error["msg"]).replace("Tuple", "This list"))
    return _wrong_value(model, document, keys, _look_up(value, keys), at=at)


def _wrong_value(
    model: type[Noun], document: Document, keys: KeyPath, value: Plain, *, at: KeyPath = ()
) -> Problem:
    place = (*at, *keys)
    next_step = _guess(value, choices_at(model, keys))
    spot = document.spot(place)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if spot.raw and wants_text(model, keys) and not isinstance(value, str):
        written = f'"{spot.raw}"'
        if spot.file.startswith("--set "):
            written = f"--set '{dotted(place)}={written}'"
        why = ", so that the printed precision is kept" if is_number else ""
        next_step = f"write it in quotes{why}: {written}"
    elif spot.raw and wants_list(model, keys):
        next_step = f"write it as a list: [{spot.raw}]"
    elif isinstance(value, str) and not next_step and _is_number(value):
        next_step = f"write it without quotes: {value}"
    return document.problem(
        place, f"found {_shown(value)}", allowed=allowed_at(model, keys), next_step=next_step
    )


def _key_words(error: Any) -> str:
    pattern = error.get("ctx", {}).get("pattern")
    return pattern_words(pattern) if pattern else str(error["msg"])


def _has(value: Plain, key: str | int) -> bool:
    if isinstance(key, int):
        return isinstance(value, list) and key < len(value)
    return isinstance(value, dict) and key in value


def _look_up(value: Plain, keys: KeyPath) -> Plain:
    for key in keys:
        if isinstance(value, dict) and isinstance(key, str):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int):
            value = value[key]
    return value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _guess(found: object, known: list[str]) -> str:
    if not isinstance(found, str) or found in known:
        return ""
    return did_you_mean(found, known)


def _shown(value: Plain) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _ordered(problems: Sequence[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda p: p.line or 0)

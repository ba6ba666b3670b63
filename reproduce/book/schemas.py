"""JSON Schemas of the specification nouns, for editors and for saying what is allowed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import BaseModel

from reproduce.book.document import KeyPath
from reproduce.book.papers import Papers
from reproduce.errors import UserError
from reproduce.nouns.base import Noun
from reproduce.nouns.claim import Claim
from reproduce.nouns.draft import Draft
from reproduce.nouns.expectation import EXPECTATIONS
from reproduce.nouns.experiment import EXPERIMENTS
from reproduce.nouns.setting import Setting
from reproduce.registry import Registry, did_you_mean

Schema = dict[str, Any]

BY_KIND: dict[str, Registry[Any]] = {"experiment": EXPERIMENTS, "expect": EXPECTATIONS}
"""The keys of a claim whose model is chosen by `kind`."""

NOUNS: dict[str, type[Noun]] = {
    "claim": Claim,
    "draft": Draft,
    "setting": Setting,
    "papers": Papers,
}

_PATTERNS = {
    "^[a-z0-9][a-z0-9._-]{0,79}$": "a name of lower-case letters, digits, '.', '_' and '-'",
    "^[a-z][a-z0-9_]{0,31}$": "a name of lower-case letters, digits and '_'",
    "^[A-Za-z][A-Za-z0-9_-]{1,15}$": "a language code such as en or zh-Hant",
    r"^[+-]?\d{1,12}(\.\d{1,12})?$": "a number as it is printed, such as 71.20",
    "^[0-9a-f]{64}$": "a SHA-256, 64 hexadecimal digits",
}


def json_schema(noun: str) -> Schema:
    """JSON Schema (draft 2020-12) of one kind of file, every registered kind included.

    Raises:
        UserError: there is no such kind of file.
    """
    if noun not in NOUNS:
        raise UserError(
            f"no schema of {noun!r}",
            allowed=", ".join(NOUNS),
            next_step=did_you_mean(noun, NOUNS),
        )
    schema = NOUNS[noun].model_json_schema()
    if noun in ("claim", "draft"):
        definitions = schema["$defs"]
        for key, registry in BY_KIND.items():
            schema["properties"][key] = _alternatives(registry, definitions)
        del definitions["Experiment"], definitions["Expectation"]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _alternatives(registry: Registry[Any], definitions: Schema) -> Schema:
    references = {}
    for kind in registry:
        part = registry.get(kind).model_json_schema()
        definitions |= part.pop("$defs", {})
        part["properties"]["kind"] = {"const": kind, "type": "string"}
        part["required"] = sorted({*part.get("required", ()), "kind"})
        definitions[part["title"]] = part
        references[kind] = f"#/$defs/{part['title']}"
    return {
        "oneOf": [{"$ref": reference} for reference in references.values()],
        "discriminator": {"propertyName": "kind", "mapping": references},
    }


@cache
def _model_schema(model: type[BaseModel]) -> Schema:
    return model.model_json_schema()


def allowed_at(model: type[BaseModel], keys: KeyPath) -> str:
    """What may stand at these keys, in words; empty if they lead nowhere."""
    parts = [part for part in _at(model, keys) if part.get("type") != "null"]
    return " or ".join(dict.fromkeys(filter(None, map(_words, parts))))


def choices_at(model: type[BaseModel], keys: KeyPath) -> list[str]:
    """The fixed values that may stand at these keys."""
    found = [choice for part in _at(model, keys) for choice in _choices(part)]
    return [choice for choice in found if isinstance(choice, str)]


def fields_at(model: type[BaseModel], keys: KeyPath) -> list[str]:
    """The keys that the mapping at these keys may have."""
    return [name for part in _at(model, keys) for name in part.get("properties", ())]


def wants_text(model: type[BaseModel], keys: KeyPath) -> bool:
    """Whether a text may stand at these keys."""
    return any(part.get("type") == "string" and not _choices(part) for part in _at(model, keys))


def wants_list(model: type[BaseModel], keys: KeyPath) -> bool:
    """Whether a list has to stand at these keys."""
    return all(part.get("type") == "array" for part in _at(model, keys))


def pattern_words(pattern: str) -> str:
    """What a pattern asks for, in words if they are known."""
    return _PATTERNS.get(pattern, f"a text that matches {pattern}")


def _at(model: type[BaseModel], keys: KeyPath) -> list[Schema]:
    schema = _model_schema(model)
    found = list(_branches(schema, schema))
    for key in keys:
        found = [b for part in found for s in _step(part, key) for b in _branches(s, schema)]
    return found


def _branches(part: Schema, root: Schema) -> Iterator[Schema]:
    if "$ref" in part:
        yield from _branches(root["$defs"][part["$ref"].rpartition("/")[2]], root)
    elif "anyOf" in part:
        for branch in part["anyOf"]:
            yield from _branches(branch, root)
    else:
        yield part


def _step(part: Schema, key: str | int) -> Iterator[Schema]:
    if isinstance(key, int):
        candidates = [part.get("items")]
    elif key in part.get("properties", {}):
        candidates = [part["properties"][key]]
    else:
        named = part.get("patternProperties", {})
        candidates = [*named.values(), part.get("additionalProperties")]
    yield from (candidate for candidate in candidates if isinstance(candidate, dict))


def _choices(part: Schema) -> list[object]:
    return part["enum"] if "enum" in part else [part["const"]] if "const" in part else []


def _words(part: Schema) -> str:
    if choices := _choices(part):
        return ", ".join(map(str, choices))
    kind = part.get("type")
    if kind == "string":
        return _text(part)
    if kind in ("integer", "number"):
        return _number(part)
    if kind == "boolean":
        return "true or false"
    if kind == "array":
        return _list(part)
    if kind == "object" and "properties" in part:
        return "a mapping with the keys " + ", ".join(part["properties"])
    return "a mapping" if kind == "object" else ""


def _text(part: Schema) -> str:
    if "pattern" in part:
        return pattern_words(part["pattern"])
    if "maxLength" in part:
        return f"a text of at most {part['maxLength']} characters"
    return "a text that is not empty" if part.get("minLength") else "a text"


def _number(part: Schema) -> str:
    bounds = [
        f"{words} {part[key]}"
        for key, words in (
            ("exclusiveMinimum", "above"),
            ("minimum", "at least"),
            ("exclusiveMaximum", "below"),
            ("maximum", "at most"),
        )
        if key in part
    ]
    name = "a whole number" if part["type"] == "integer" else "a number"
    return f"{name}, {' and '.join(bounds)}" if bounds else name


def _list(part: Schema) -> str:
    items = part.get("items", {})
    inner = items.get("anyOf", [items])
    words = " or ".join(filter(None, map(_words, inner)))
    return f"a list, each {words}" if words else "a list"

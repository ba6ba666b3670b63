"""A YAML file as plain values that remember their lines; nothing in it can build an object."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import ScalarNode

from reproduce.errors import Problem, SpecErrors

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]
KeyPath = tuple[str | int, ...]

MAX_BYTES = 256 * 1024  # the parser reads about 130 KB a second
MAX_DEPTH = 30  # the parser's time is quadratic in the depth
MAX_VALUES = 20_000  # after aliases are expanded: a few lines can stand for billions


@dataclass(frozen=True)
class Spot:
    """Where a value stands, and how it was written (`raw`, for scalars)."""

    file: str
    line: int | None
    raw: str | None = None


@dataclass(frozen=True)
class Document:
    """One specification file.

    Attributes:
        file: the path as it is shown in messages.
        text: the content as read.
        value: plain Python values; every key is a string, every number finite.
        spots: where each value stands, by the keys that lead to it.
    """

    file: str
    text: str
    value: Plain
    spots: dict[KeyPath, Spot]

    def spot(self, keys: KeyPath) -> Spot:
        """Where the value stands, or the closest thing around it that is written."""
        while keys not in self.spots and keys:
            keys = keys[:-1]
        return self.spots.get(keys, Spot(self.file, None))

    def problem(
        self, keys: KeyPath, found: str, *, allowed: str = "", next_step: str = ""
    ) -> Problem:
        """A problem with the value that these keys lead to."""
        spot = self.spot(keys)
        return Problem(spot.file, spot.line, dotted(keys), found, allowed, next_step)


def dotted(keys: KeyPath) -> str:
    """`experiment.seeds.looks[0]`."""
    text = ""
    for key in keys:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else key
    return text


def read_document(path: Path) -> Document:
    """Read one file.

    Raises:
        SpecErrors: it is absent, a folder, too large, not UTF-8, or not plain YAML.
    """
    file = str(path)
    try:
        if path.is_dir():
            _refuse(file, None, "this is a folder, not a YAML file")
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        _refuse(file, None, "no such file", next_step="check the path")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        _refuse(file, None, f"cannot be read: {reason}", next_step="check the path and its rights")
    if len(content) > MAX_BYTES:
        _refuse(file, None, f"larger than {MAX_BYTES // 1024} KiB", allowed="one small YAML file")
    try:
        text = content.decode("utf-8-sig")  # some editors begin a file with a byte order mark
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{content[error.start]:02x} is not UTF-8"
        _refuse(file, line, found, next_step="save the file in the encoding UTF-8")
    return parse_document(text, file)


def parse_document(text: str, file: str) -> Document:
    """Read the text of a file; `file` is its name in messages.

    Raises:
        SpecErrors: as `read_document`.
    """
    reader = _Reader(file)
    root = reader.read(text)
    spots: dict[KeyPath, Spot] = {}
    value = reader.expand(root, (), spots)
    if reader.problems:
        raise SpecErrors(reader.problems)
    return Document(file, text, value, spots)


def parse_value(text: str, file: str) -> Document:
    """Read one value, as it stands after a key: `[4]`, `dlfa`, `"1.0"`.

    Raises:
        SpecErrors: as `read_document`.
    """
    document = parse_document(text, file)
    spots = {keys: replace(spot, line=None) for keys, spot in document.spots.items()}
    return replace(document, spots=spots)


def _refuse(
    file: str, line: int | None, found: str, *, allowed: str = "", next_step: str = ""
) -> NoReturn:
    raise SpecErrors([Problem(file, line, "", found, allowed, next_step)])


@dataclass
class _Node:
    """A value as written; aliases make several places share one node."""

    line: int
    scalar: Plain = None
    raw: str | None = None
    entries: dict[str, tuple[int, _Node]] | None = None  # key -> its line, its value
    items: list[_Node] | None = None


@dataclass
class _Reader:
    """Builds nodes from the parser's events, so that limits hold before anything grows."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    anchors: dict[str, _Node] = field(default_factory=dict)
    values: int = 0

    def read(self, text: str) -> _Node:
        """The root of the only document."""
        self.yaml = YAML(typ="safe", pure=True)
        try:
            self.events: Iterator[Any] = iter(self.yaml.parse(text))
            return self._document()
        except SpecErrors:
            raise
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else None
            context = f" {error.context}" if error.context else ""
            _refuse(self.file, line, f"not valid YAML: {error.problem}{context}")
        # The parser fails in many ways on torn text (ValueError in escapes, IndexError at the end).
        except Exception as error:
            found = " ".join(str(error).split('in "<')[0].split())
            _refuse(self.file, _line_of_strange_character(text), f"not valid YAML: {found}")

    def _document(self) -> _Node:
        next(self.events)  # the start of the stream
        start = next(self.events)
        if type(start).__name__ == "StreamEndEvent":
            _refuse(
                self.file, 1, "the file is empty", next_step="reproduce init lays down examples"
            )
        root = self._node(next(self.events), depth=0)
        next(self.events)  # the end of the document
        more = next(self.events)
        if type(more).__name__ != "StreamEndEvent":
            line = more.start_mark.line + 1
            _refuse(self.file, line, "a second document begins", allowed="one document a file")
        return root

    def _node(self, event: Any, depth: int) -> _Node:
        line = event.start_mark.line + 1
        kind = type(event).__name__
        if depth > MAX_DEPTH:
            _refuse(self.file, line, f"nested more than {MAX_DEPTH} levels deep")
        self._count(line)
        if kind == "AliasEvent":
            if event.anchor not in self.anchors:
                _refuse(self.file, line, f"*{event.anchor} stands for nothing above it")
            return self.anchors[event.anchor]
        if event.tag is not None:
            tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
            self._note(line, f"found the tag {tag}", "plain values without tags")
        if kind == "ScalarEvent":
            node = _Node(line, scalar=self._scalar(event, line), raw=event.value)
        elif kind == "SequenceStartEvent":
            node = _Node(line, items=self._items(depth))
        else:
            node = _Node(line, entries=self._entries(depth))
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def _items(self, depth: int) -> list[_Node]:
        items = []
        while type(event := next(self.events)).__name__ != "SequenceEndEvent":
            items.append(self._node(event, depth + 1))
        return items

    def _entries(self, depth: int) -> dict[str, tuple[int, _Node]]:
        entries: dict[str, tuple[int, _Node]] = {}
        while type(event := next(self.events)).__name__ != "MappingEndEvent":
            line = event.start_mark.line + 1
            key = self._node(event, depth + 1)
            value = self._node(next(self.events), depth + 1)
            name = key.scalar
            if not isinstance(name, str):
                shown = key.raw if key.raw is not None else "a list or mapping"
                self._note(line, f"the key {shown} is not a text", "names, in quotes if need be")
            elif name in entries:
                self._note(
                    line, f"the key {name!r} stands here again (first on line {entries[name][0]})"
                )
            else:
                entries[name] = (line, value)
        return entries

    def _scalar(self, event: Any, line: int) -> Plain:
        text: str = event.value
        if any("\ud800" <= character <= "\udfff" for character in text):
            self._note(line, "an escape that is half of a character")
            return ""
        if not event.implicit[0]:
            return text
        node = ScalarNode(None, text, event.start_mark, event.end_mark)
        tag = str(self.yaml.resolver.resolve(ScalarNode, text, (True, False)))
        kind = tag.rpartition(":")[2]
        value: Plain = text
        try:
            if kind == "null":
                value = None
            elif kind == "bool":
                value = bool(self.yaml.constructor.construct_yaml_bool(node))
            elif kind == "int":
                value = int(self.yaml.constructor.construct_yaml_int(node))
            elif kind == "float":
                value = float(self.yaml.constructor.construct_yaml_float(node))
        except (ValueError, OverflowError):
            self._note(line, f"{text[:40]} cannot be read as a number")
        if isinstance(value, float) and not math.isfinite(value):
            self._note(line, f"{text[:40]} is not a finite number")
            return 0.0
        return value

    def _note(self, line: int, found: str, allowed: str = "") -> None:
        self.problems.append(Problem(self.file, line, "", found, allowed))

    def _count(self, line: int) -> None:
        self.values += 1
        if self.values > MAX_VALUES:
            _refuse(self.file, line, f"more than {MAX_VALUES} values, aliases expanded")

    def expand(self, node: _Node, keys: KeyPath, spots: dict[KeyPath, Spot]) -> Plain:
        """The plain value of a node; notes where each part stands."""
        self._count(node.line)
        spots.setdefault(keys, Spot(self.file, node.line, node.raw))
        if node.entries is not None:
            mapping: dict[str, Plain] = {}
            for key, (line, child) in node.entries.items():
                spots[(*keys, key)] = Spot(self.file, line, child.raw)
                mapping[key] = self.expand(child, (*keys, key), spots)
            return mapping
        if node.items is not None:
            return [self.expand(child, (*keys, i), spots) for i, child in enumerate(node.items)]
        return node.scalar


def _line_of_strange_character(text: str) -> int | None:
    for i, character in enumerate(text):
        if not character.isprintable() and character not in "\n\r\t\x85\u2028\u2029\xa0":
            return text.count("\n", 0, i) + 1
    return None

"""Finds tables in a text: lines with tabs, Markdown's pipes, LaTeX's tabular."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from reproduce.extract.source_text import SourceText


@dataclass(frozen=True)
class Cell:
    """The text of a cell without the white space around it, and where it begins in the text."""

    text: str
    offset: int


Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """Rows in order, the header among the first of them."""

    rows: tuple[Row, ...]


def find_tables(source: SourceText) -> list[Table]:
    """Every table of a document that has two rows or more."""
    found = _latex(source.text) if source.format == "latex" else _lines(source.text)
    return [Table(rows) for rows in found if len(rows) > 1]


def _lines(text: str) -> Iterator[tuple[Row, ...]]:
    """Runs of neighbouring lines that are split by the same character."""
    for separator, run in groupby(_with_offsets(text), key=lambda line: _separator(line[0])):
        if separator is None:
            continue
        rows = [_split(line, offset, separator) for line, offset in run]
        yield tuple(row for row in rows if not _is_rule(row))


def _with_offsets(text: str) -> Iterator[tuple[str, int]]:
    offset = 0
    for line in text.split("\n"):
        yield line.removesuffix("\r"), offset
        offset += len(line) + 1


def _separator(line: str) -> str | None:
    if "\t" in line.strip(" "):
        return "\t"
    return "|" if "|" in line else None


_PIPE = re.compile(r"(?<!\\)\|")
_TAB = re.compile(r"\t")
_AMPERSAND = re.compile(r"(?<!\\)&")


def _split(line: str, offset: int, separator: str) -> Row:
    if separator == "\t":
        return tuple(_cells(line, offset, _TAB))
    cells = list(_cells(line, offset, _PIPE))
    stripped = line.strip()
    if stripped.startswith("|"):
        cells = cells[1:]
    if stripped.endswith("|") and not stripped.endswith("\\|"):
        cells = cells[:-1]
    return tuple(cells)


def _cells(line: str, offset: int, separator: re.Pattern[str]) -> Iterator[Cell]:
    start = 0
    for end in [*(match.start() for match in separator.finditer(line)), len(line)]:
        yield _cell(line[start:end], offset + start)
        start = end + 1


def _cell(raw: str, offset: int) -> Cell:
    return Cell(raw.strip(), offset + len(raw) - len(raw.lstrip()))


def _is_rule(row: Row) -> bool:
    """Whether a row is Markdown's line between header and body."""
    return all(re.fullmatch(r":?-+:?", cell.text) for cell in row)


_BEGIN = re.compile(r"\\begin\{(tabular[xy*]?|longtable|tabulary)\}")
_LAYOUT = re.compile(
    r"\s*(?:\\(?:hline|toprule|midrule|bottomrule|endhead|endfirsthead|endfoot|endlastfoot"
    r"|cmidrule(?:\([a-z]*\))?\{[^}]*\}|cline\{[^}]*\}|addlinespace(?:\[[^\]]*\])?)"
    r"|(?<!\\)%[^\n]*\n|\\\\)\s*"
)

_SPACING = re.compile(r"\*?\[[^\]\n]*\]")  # after the end of a row: \\[2pt]


def _latex(text: str) -> Iterator[tuple[Row, ...]]:
    stop = 0
    while begin := _BEGIN.search(text, stop):
        end = text.find(f"\\end{{{begin[1]}}}", begin.end())
        stop = end if end >= 0 else len(text)
        start = _after_arguments(text, begin.end(), stop)
        yield tuple(_latex_rows(text[start:stop], start))


def _after_arguments(text: str, start: int, stop: int) -> int:
    """Where the body of a tabular begins: after arguments such as `[t]` and `{p{3cm}ll}`."""
    while start < stop and text[start] in "[{":
        depth = 0
        for end in range(start, stop):
            depth += (text[end] in "[{") - (text[end] in "]}")
            if depth == 0:
                break
        else:
            return start
        start = end + 1
    return start


def _latex_rows(body: str, offset: int) -> Iterator[Row]:
    start = 0
    while start < len(body):
        while layout := _LAYOUT.match(body, start):
            start = layout.end()
        end = body.find("\\\\", start)
        end = end if end >= 0 else len(body)
        if body[start:end].strip():
            yield tuple(_cells(body[start:end], offset + start, _AMPERSAND))
        start = end + 2
        if spacing := _SPACING.match(body, start):
            start = spacing.end()

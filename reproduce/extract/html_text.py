"""The text of an HTML page: markup dropped, a table row a line with tabs between its cells."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_SILENT = {"script", "style", "head", "template", "noscript"}
_BLOCKS = {"p", "div", "li", "ul", "ol", "table", "section", "article", "blockquote", "pre", "br"}
_BLOCKS |= {f"h{level}" for level in range(1, 7)}
_SPACE = re.compile(r"\s+")


def readable(markup: str) -> str:
    """The text of a page; white space is collapsed, entities are resolved."""
    parser = _Reader()
    parser.feed(_closed(markup))
    parser.close()
    return parser.text()


def _closed(markup: str) -> str:
    """The same, with what is never closed as plain text: the parser's time is quadratic in it."""
    for opening, closing in (("<!--", "-->"), ("<", ">")):
        end = markup.rfind(closing) + 1
        markup = markup[:end] + markup[end:].replace(opening, opening.replace("<", "&lt;"))
    return markup


class _Reader(HTMLParser):
    """Collects lines; inside a row, text outside of cells is layout, and a block is only space."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._parts: list[str] = []
        self._row: list[str] | None = None
        self._in_cell = False
        self._silent: str | None = None

    def text(self) -> str:
        """All lines so far."""
        self._end_row()
        self._end_line()
        return "\n".join(self._lines) + "\n"

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "body":
            self._silent = None
        elif self._silent is None and tag in _SILENT:
            self._silent = tag
        elif tag == "table":
            self._end_row()
            self._end_line()
            self._lines.append("")  # or its rows would go on those of a table before it
        elif tag == "tr":
            self._end_row()
            self._end_line()
            self._row = []
        elif tag in ("td", "th"):
            self._end_cell()
            self._in_cell = self._row is not None
        elif tag in _BLOCKS:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = None
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table"):
            self._end_row()
        elif tag in _BLOCKS:
            self._break()

    def handle_data(self, data: str) -> None:
        if self._silent is None and (self._row is None or self._in_cell):
            self._parts.append(data)

    def _break(self) -> None:
        if self._row is None:
            self._end_line()
        else:
            self._parts.append(" ")

    def _taken(self) -> str:
        text = _SPACE.sub(" ", "".join(self._parts)).strip()
        self._parts = []
        return text

    def _end_line(self) -> None:
        if text := self._taken():
            self._lines.append(text)

    def _end_cell(self) -> None:
        if self._row is not None and self._in_cell:
            self._row.append(self._taken())
        self._in_cell = False

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is not None:
            self._lines.append("\t".join(self._row))
            self._row = None
            self._parts = []

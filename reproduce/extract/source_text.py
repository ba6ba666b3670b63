"""Reads a document as text that quotes can be found in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NoReturn, get_args

from reproduce.errors import UserError

Format = Literal["text", "markdown", "html", "latex"]
FORMATS: tuple[str, ...] = get_args(Format)

MAX_BYTES = 16 * 1024 * 1024

_SUFFIXES: dict[str, Format] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".tex": "latex",
    ".latex": "latex",
}
_MAGIC = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"\x1f\x8b": "a gzip archive",
    b"\xd0\xcf\x11\xe0": "an old office document",
}


@dataclass(frozen=True)
class SourceText:
    """A document as a person reads it.

    Attributes:
        path: the file.
        format: how it was read.
        text: what quotes and their offsets refer to: the file's characters; of HTML the text
            without its markup, a table row a line with tabs between the cells.
        sha256: of the file's bytes, in hexadecimal.
    """

    path: Path
    format: Format
    text: str
    sha256: str


def read_source(path: Path, format_: Format | None = None) -> SourceText:
    """Read one document; its format is told by its suffix unless it is given.

    Raises:
        UserError: it is absent, a folder, empty, too large, binary, or in an encoding other than
            UTF-8 and UTF-16.
    """
    content = _bytes(path)
    chosen = format_ or _SUFFIXES.get(path.suffix.lower())
    if chosen is None:
        raise UserError(
            f"the suffix {path.suffix!r} does not tell the format",
            where=str(path),
            allowed=", ".join(_SUFFIXES),
            next_step=f"say --format {'|'.join(FORMATS)}",
        )
    text = _decoded(content, path)
    if not text.strip():
        raise UserError("this file is empty", where=str(path), next_step="check the path")
    if chosen == "html":
        from reproduce.extract.html_text import readable

        text = readable(text)
    return SourceText(path, chosen, text, hashlib.sha256(content).hexdigest())


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise UserError(
                "this is a folder", where=str(path), next_step="name one document in it"
            )
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise UserError("no such file", where=str(path), next_step="check the path") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UserError(
            f"cannot be read: {reason}", where=str(path), next_step="check the path and its rights"
        ) from None
    if len(content) > MAX_BYTES:
        raise UserError(
            f"larger than {MAX_BYTES // 2**20} MiB",
            where=str(path),
            next_step="cut out the part that has the table of claims",
        )
    return content


def _decoded(content: bytes, path: Path) -> str:
    for magic, kind in _MAGIC.items():
        if content.startswith(magic):
            _refuse_binary(path, kind)
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not wide and b"\0" in content:
        _refuse_binary(path, "a binary file")
    try:
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        encoding = "UTF-16" if wide else "UTF-8"
        raise UserError(
            f"byte 0x{content[error.start]:02x} is not {encoding}",
            where=f"{path}:{line}",
            allowed="UTF-8, or UTF-16 with a byte order mark",
            next_step="save it as UTF-8, for example: iconv -f LATIN1 -t UTF-8",
        ) from None


def _refuse_binary(path: Path, kind: str) -> NoReturn:
    raise UserError(
        f"this is {kind}, not a text",
        where=str(path),
        allowed="plain text, Markdown, HTML or LaTeX",
        next_step="save its text to a file first",
    )

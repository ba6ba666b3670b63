"""Lines of text files: what is no text is told by line, with what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, NoReturn

from reproduce.errors import DataError

READABLE = "put a file there that you may read, or name another in data.files of the task"
"""What to do about a file that cannot be opened."""

_HEAD = 4096  # bytes that tell what a file is
# The first bytes of what is often saved where a text file should stand.
_NO_TEXT = {
    b"\xff\xfe\x00\x00": ("UTF-32 text", "convert it: iconv -f UTF-32 -t UTF-8"),
    b"\x00\x00\xfe\xff": ("UTF-32 text", "convert it: iconv -f UTF-32 -t UTF-8"),
    b"\xff\xfe": ("UTF-16 text", "convert it: iconv -f UTF-16 -t UTF-8"),
    b"\xfe\xff": ("UTF-16 text", "convert it: iconv -f UTF-16 -t UTF-8"),
    b"\x1f\x8b": ("compressed with gzip", "unpack it: gunzip"),
    b"PK\x03\x04": ("a zip archive", "unpack it: unzip"),
    b"BZh91AY&SY": ("compressed with bzip2", "unpack it: bunzip2"),
    b"\xfd7zXZ": ("compressed with xz", "unpack it: unxz"),
    b"\x28\xb5\x2f\xfd": ("compressed with zstd", "unpack it: unzstd"),
    b"PAR1": ("a Parquet file", "read it with the source hub, or export it as text"),
    b"version https://git-lfs": ("a pointer of Git LFS", "fetch the file itself: git lfs pull"),
    b"<!DOCTYPE": ("a web page", "download the file itself, not the page that shows it"),
    b"<!doctype": ("a web page", "download the file itself, not the page that shows it"),
    b"<html": ("a web page", "download the file itself, not the page that shows it"),
}


class Line(NamedTuple):
    """One line without its end, and its number from 1."""

    number: int
    text: str


def read_lines(path: Path) -> Iterator[Line]:
    """Lines of a UTF-8 file, a byte-order mark and carriage returns taken off.

    Raises:
        DataError: the file cannot be read or is not UTF-8; the message names the line.
    """
    number = 0
    try:
        with path.open("rb") as file:
            _check_text(file.read(_HEAD), path)
            file.seek(0)
            for number, raw in enumerate(file, start=1):
                if b"\0" in raw:
                    _refuse_nul(path, number)
                text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
                yield Line(number, text.removesuffix("\n").removesuffix("\r"))
    except UnicodeDecodeError as error:
        # Only at the end of a file can the end of a character be missing: a line ends in ASCII.
        torn = error.reason == "unexpected end of data"
        raise DataError(
            f"not UTF-8: byte {error.object[error.start]:#04x} ({error.reason})",
            where=f"{path}:{number}",
            next_step="the file is cut off here, inside a character: get it again"
            if torn
            else "convert it: iconv -f OLD_ENCODING -t UTF-8",
        ) from error
    except OSError as error:
        raise DataError(
            f"cannot be read: {error.strerror}",
            where=str(path),
            next_step=READABLE,
        ) from error


def _check_text(head: bytes, path: Path) -> None:
    for start, (what, next_step) in _NO_TEXT.items():
        if head.startswith(start):
            raise DataError(f"not UTF-8 text, but {what}", where=str(path), next_step=next_step)
    if b"\r" in head.removesuffix(b"\r") and b"\n" not in head:
        raise DataError(
            "its lines end in carriage returns alone, as on old Macs",
            where=f"{path}:1",
            allowed="line ends of Unix or Windows",
            next_step="convert it: tr '\\r' '\\n'",
        )


def _refuse_nul(path: Path, number: int) -> NoReturn:
    raise DataError(
        "a NUL byte, which no text has",
        where=f"{path}:{number}",
        next_step="UTF-16 without its mark? Convert it: iconv -f UTF-16LE -t UTF-8. Otherwise the"
        " file was not written to its end: get it again",
    )


def shown(text: str, most: int = 40) -> str:
    """A piece of a file as a message quotes it: torn files have lines of any length."""
    return repr(text) if len(text) <= most else f"{text[:most]!r} and {len(text) - most} more"


def several(number: int, noun: str) -> str:
    """`1 column`, `3 columns`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def blocks_of(lines: Iterable[Line], heading: str = "") -> Iterator[list[Line]]:
    """Runs of lines between empty ones; a line that begins with the heading parts them as well."""
    block: list[Line] = []
    for line in lines:
        if line.text.strip() and not (heading and line.text.startswith(heading)):
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block

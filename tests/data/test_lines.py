from __future__ import annotations

import os

import pytest

from reproduce.data.lines import read_lines, shown
from reproduce.errors import DataError


def texts(path, content: bytes) -> list[str]:
    path.write_bytes(content)
    return [line.text for line in read_lines(path)]


@pytest.mark.parametrize(
    "content", [b"a\nb\n", b"a\r\nb\r\n", b"a\r\nb\n", b"\xef\xbb\xbfa\nb", b"a\nb\r\n"]
)
def test_line_ends_and_a_mark_at_the_beginning_are_taken_off(tmp_path, content):
    assert texts(tmp_path / "x", content) == ["a", "b"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("é\tO\n".encode("latin-1"), "x:1: not UTF-8: byte 0xe9"),
        ("a\nü\n".encode("cp1252"), "x:2: not UTF-8: byte 0xfc (invalid start byte)\n  next: con"),
        ("a\né".encode()[:-1], "x:2: not UTF-8: byte 0xc3 (unexpected end of data)\n"
         "  next: the file is cut off here, inside a character: get it again"),
        ("x\tO\n".encode("utf-16"), "but UTF-16 text\n  next: convert it: iconv -f UTF-16"),
        ("x\tO\n".encode("utf-16-le"), "x:1: a NUL byte, which no text has\n  next: UTF-16 with"),
        ("x\tO\n".encode("utf-32"), "but UTF-32 text\n  next: convert it: iconv -f UTF-32"),
        (b"a\tO\n\0\0\0\0", "x:2: a NUL byte, which no text has\n  next: "),
        (b"a\tO\rb\tO\r", "x:1: its lines end in carriage returns alone, as on old Macs"),
        (b"\x1f\x8b\x08\x00", "compressed with gzip\n  next: unpack it: gunzip"),
        (b"BZh91AY&SY", "compressed with bzip2\n  next: unpack it: bunzip2"),
        (b"PK\x03\x04", "a zip archive\n  next: unpack it: unzip"),
        (b"<!DOCTYPE html>", "a web page\n  next: download the file itself"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a pointer of Git LFS"),
    ],
)  # fmt: skip
def test_what_is_no_utf_8_text_is_told(tmp_path, content, message):
    with pytest.raises(DataError) as error:
        texts(tmp_path / "x", content)
    assert message in str(error.value)


def test_a_carriage_return_inside_a_line_is_kept(tmp_path):
    assert texts(tmp_path / "x", b"a\rb\nc\n") == ["a\rb", "c"]


def test_what_cannot_be_opened_is_told_with_its_reason(tmp_path):
    os.symlink("loop", tmp_path / "loop")
    (tmp_path / "folder").mkdir()
    for name, reason in (
        ("loop", "symbolic links"),
        ("folder", "a directory"),
        ("no", "No such file or directory"),
    ):
        with pytest.raises(
            DataError, match=f"{name}: cannot be read: .*{reason}\n  next: put a file"
        ):
            list(read_lines(tmp_path / name))


def test_a_message_quotes_the_beginning_of_what_is_long():
    assert shown("ab") == "'ab'"
    assert shown("a" * 50) == f"'{'a' * 40}' and 10 more"

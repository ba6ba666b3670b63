from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from reproduce.errors import UserError
from reproduce.extract import read_source
from reproduce.extract.source_text import MAX_BYTES
from tests.extract.conftest import TABLE, Read


def test_the_digest_is_that_of_the_file_s_bytes(read: Read) -> None:
    content = b"\xef\xbb\xbf" + TABLE.encode()
    source = read(content)
    assert source.sha256 == hashlib.sha256(content).hexdigest()
    assert source.text == TABLE


def test_utf_16_with_its_mark_is_read(read: Read) -> None:
    assert read(TABLE.encode("utf-16")).text == TABLE


def test_html_becomes_the_text_that_a_person_reads(read: Read) -> None:
    page = (
        "<head><title>x</title><style>p {}</style></head><body><p>One&nbsp;&amp; <b>two</b></p>"
        "<table><tr><th>Claim<th>Verified</tr>\n<tr><td>It <i>gains</i>\n 2&#37;</td> <td>✓</td>"
    )
    assert read(page, "a.html").text == "One & two\n\nClaim\tVerified\nIt gains 2%\t✓\n"


REFUSED: dict[str, tuple[bytes, str]] = {
    "a PDF": (b"%PDF-1.7 ...", "a PDF"),
    "a binary file": (b"Claim\0\x01\x02", "a binary file"),
    "another encoding": ("Claim\nCafé".encode("latin-1"), "byte 0xe9 is not UTF-8"),
    "torn UTF-16": (b"\xff\xfeC\x00l", "not UTF-16"),
    "an empty file": (b" \n", "empty"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_text_is_refused(read: Read, name: str) -> None:
    content, words = REFUSED[name]
    with pytest.raises(UserError, match=words):
        read(content)


def test_a_byte_of_another_encoding_has_its_line(read: Read) -> None:
    with pytest.raises(UserError, match=r"report\.txt:2: byte 0xe9"):
        read("Claim\nCafé".encode("latin-1"))


def test_an_unknown_suffix_asks_for_the_format(read: Read) -> None:
    with pytest.raises(UserError, match="--format text"):
        read(TABLE, "report.dat")


def test_a_format_that_is_given_overrules_the_suffix(tmp_path: Path) -> None:
    (tmp_path / "a.dat").write_text("<p>x</p>")
    assert read_source(tmp_path / "a.dat", "html").text == "x\n"


def test_a_folder_and_an_absent_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="this is a folder"):
        read_source(tmp_path)
    with pytest.raises(UserError, match="no such file"):
        read_source(tmp_path / "a.txt")


def test_a_file_that_is_too_large_is_refused(read: Read) -> None:
    with pytest.raises(UserError, match="larger than 16 MiB"):
        read(b"x" * (MAX_BYTES + 1))


@pytest.mark.parametrize("opening", ["<a ", "<!--", "<![CDATA[", "<td>", "&#"])
def test_a_page_torn_in_thousands_of_places_is_read_at_once(read: Read, opening: str) -> None:
    page = "<p>Before</p>" + opening * 20_000  # the parser alone takes minutes for some
    assert read(page, "a.html").text.startswith("Before\n")

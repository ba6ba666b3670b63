"""Finds the quotes of claims in the documents that they are from, where those are at hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reproduce.book import Book, Papers
from reproduce.book.document import Document
from reproduce.errors import Problem, UserError
from reproduce.extract.source_text import SourceText, read_source
from reproduce.nouns.claim import Source


@dataclass(frozen=True)
class QuoteCheck:
    """What became of the quotes of a book.

    Attributes:
        found: quotes that stand in their document.
        problems: quotes that do not, and documents that are not what `papers.yaml` says.
        not_at_hand: document -> why its quotes could not be looked for.
    """

    found: int
    problems: tuple[Problem, ...]
    not_at_hand: dict[str, str]


def check_quotes(book: Book, folder: Path | None = None) -> QuoteCheck:
    """Look for every quote of claims and drafts, word for word; only white space may differ.

    Args:
        book: claims, drafts and papers.
        folder: where the documents lie; without it, each is looked for where `file` in
            `papers.yaml` says.

    Raises:
        UserError: the folder is not there, or a document cannot be read.
    """
    if folder is not None and not folder.is_dir():
        raise UserError("no such folder", where=f"--sources {folder}", next_step="check the path")
    found, problems, absent = 0, list[Problem](), dict[str, str]()
    texts: dict[str, SourceText | str] = {}
    for source, document in _quoted(book):
        name = source.document
        if name not in texts:
            texts[name] = _read(name, book.papers, folder)
        text = texts[name]
        if isinstance(text, str):
            absent[name] = text
            continue
        wrong = list(_problems(source, document, text, book.papers))
        problems += wrong
        found += not wrong
    return QuoteCheck(found, tuple(problems), absent)


def _quoted(book: Book) -> Iterator[tuple[Source, Document]]:
    yield from ((entry.claim.source, entry.document) for entry in book.claims)
    yield from ((entry.draft.source, entry.document) for entry in book.drafts)


def _read(name: str, papers: Papers, folder: Path | None) -> SourceText | str:
    """The document, or why it is not at hand."""
    listed = papers.documents.get(name) or papers.papers.get(name)
    if listed is None or listed.file is None:
        return "papers.yaml names no file for it"
    path = folder / Path(listed.file).name if folder else Path(listed.file)
    return read_source(path) if path.exists() else f"there is no {path}"


def _problems(
    source: Source, document: Document, text: SourceText, papers: Papers
) -> Iterator[Problem]:
    listed = papers.documents.get(source.document) or papers.papers.get(source.document)
    expected = source.sha256 or (listed.sha256 if listed else None)
    if expected is not None and expected != text.sha256:
        yield document.problem(
            ("source", "document"),
            f"{text.path} has the SHA-256 {text.sha256}, and the quote is from {expected}",
            allowed="the version that the quote was taken from",
            next_step="find that version, or extract this one",
        )
        return
    places = _places(source.quote, text.text)
    if not places:
        yield document.problem(
            ("source", "quote"),
            f"this is not in {text.path}",
            allowed="the words as they stand in the document; only white space may differ",
            next_step="copy the sentence from there",
        )
    elif source.offset is not None and source.offset not in places:
        yield document.problem(
            ("source", "offset"),
            f"the quote does not begin at character {source.offset} of {text.path}",
            allowed=" or ".join(map(str, places[:5])),
        )


def _places(quote: str, text: str) -> list[int]:
    """Where a quote begins in a text, in characters; runs of white space are alike."""
    words = quote.split()
    places, start = [], text.find(words[0]) if words else -1
    while start >= 0:
        if _matches(words, text, start):
            places.append(start)
        start = text.find(words[0], start + 1)
    return places


def _matches(words: list[str], text: str, start: int) -> bool:
    for i, word in enumerate(words):
        if i:
            if not text[start : start + 1].isspace():
                return False
            while text[start : start + 1].isspace():
                start += 1
        if not text.startswith(word, start):
            return False
        start += len(word)
    return True

"""Papers and documents as they are cited in full."""

from __future__ import annotations

from urllib.parse import urlsplit

from reproduce.book import Book
from reproduce.book.papers import Paper
from reproduce.report.view import Reference


def reference(name: str, book: Book | None) -> Reference:
    """What is known of a paper or document; its id alone where the book does not list it."""
    if book is None:
        return Reference(id=name)
    if paper := book.papers.papers.get(name):
        return _paper(name, paper)
    if document := book.papers.documents.get(name):
        return Reference(
            id=name, title=document.title, authors=document.author, year=document.date or ""
        )
    return Reference(id=name)


def references(book: Book | None) -> tuple[Reference, ...]:
    """Everything that the book lists, documents first."""
    if book is None:
        return ()
    return tuple(reference(n, book) for n in (*book.papers.documents, *book.papers.papers))


def full(cited: Reference) -> str:
    """`Title. Authors, year. Link`, or the id."""
    if not cited.title:
        return cited.id
    by = ", ".join(filter(None, (cited.authors, cited.year)))
    parts = [cited.title, by, cited.link]
    return " ".join(
        part if part.endswith(("?", "!", ".")) else f"{part}." for part in parts if part
    )


def _paper(name: str, paper: Paper) -> Reference:
    return Reference(
        id=name,
        title=paper.title or "",
        authors=_together(paper.authors),
        year=str(paper.year or ""),
        link=paper.link,
        href=paper.link if _is_safe(paper.link) else "",
    )


def _together(authors: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(authors[:-1]), *authors[-1:])))


def _is_safe(link: str) -> bool:
    """A web address; a `javascript:` of a stranger's book is none."""
    try:
        found = urlsplit(link)
    except ValueError:
        return False
    return found.scheme in ("http", "https") and bool(found.netloc)

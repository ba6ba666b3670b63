"""The papers that claims are taken from, and the documents that cite them: `papers.yaml`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from reproduce.nouns.base import Name, Noun

PAPERS_FILE = "papers.yaml"
"""Name of the file in a folder of claims that is no claim."""

Printed = Annotated[str, Field(pattern=r"^[+-]?\d+(\.\d+)?$")]
"""A number as it is printed, so that its precision is kept."""

Text = Annotated[str, Field(min_length=1)]


class Reported(Noun):
    """One number that a paper prints."""

    what: Text
    value: Printed
    unit: str = "points"
    place: Text  # abstract, table 2, ...


class Citation(Noun):
    """What a document cites a paper for, and whether the paper supports that use."""

    document: Name
    cited_for: Text
    supports: bool
    reason: Text


class Paper(Noun):
    """One paper, as far as it is known here."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    year: int | None = None
    link: Text
    version: str | None = None  # of a preprint, as cited
    cited: tuple[Citation, ...] = ()
    reported: tuple[Reported, ...] = ()
    notes: str = ""


class CitedDocument(Noun):
    """A text that claims are quoted from and that is not itself one of the papers."""

    title: Text
    author: str = ""
    date: str | None = None
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None  # of the file quoted from
    question: str = ""
    retrieved: int | None = None  # papers it says it retrieved
    verified: int | None = None  # claims it says it verified
    references: tuple[Name, ...] = ()
    notes: str = ""


class Papers(Noun):
    """The content of `papers.yaml`."""

    documents: dict[Name, CitedDocument] = {}
    papers: dict[Name, Paper] = {}

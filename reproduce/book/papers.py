"""The papers that claims are taken from, and the documents that cite them: `papers.yaml`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from reproduce.nouns.base import Name, Noun

PAPERS_FILE = "papers.yaml"
"""Name of the file in a folder of claims that is no claim."""

Printed = Annotated[str, Field(pattern=r"^[+-]?\d{1,12}(\.\d{1,12})?$")]
"""A number as it is printed, so that its precision is kept; exact in 28 decimal digits."""

Text = Annotated[str, Field(min_length=1)]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Several = Annotated[tuple[Name, ...], Field(min_length=2)]


class Reported(Noun):
    """One number that a paper prints, or that was computed from what it publishes."""

    id: Name | None = None  # by which checks name it
    what: Text
    value: Printed
    unit: str = "points"
    place: Text  # abstract, table 2, ...


class Check(Noun):
    """Base of the checks of printed numbers; `value`, `of` and their like name reported numbers.

    A part that nobody here knows is left out, and `unknown` says why: the audit then lists the
    check as one that cannot be made.
    """

    what: Text
    unknown: str = ""

    @model_validator(mode="after")
    def _say_what_is_unknown(self) -> Check:
        absent = [name for name in type(self).model_fields if getattr(self, name) is None]
        if absent and not self.unknown:
            raise ValueError(f"without {' and '.join(absent)}, `unknown` has to say why")
        if self.unknown and not absent:
            raise ValueError("`unknown` is for a part that is left out, and none is")
        return self


class Difference(Check):
    """`printed` is `of` minus `minus`."""

    printed: Name | None = None
    of: Name | None = None
    minus: Name | None = None


class Mean(Check):
    """`printed` is the unweighted mean of `parts`."""

    printed: Name | None = None
    parts: Several | None = None


class Repeat(Check):
    """One quantity that is printed in several places."""

    values: Several | None = None


class Range(Check):
    """Every one of `members` lies in a range that is printed somewhere."""

    low: Printed
    high: Printed
    place: Text
    members: Annotated[tuple[Name, ...], Field(min_length=1)] | None = None


class CodeMixing(Check):
    """A code-mixing index, 100 (1 - largest share), of text in so many languages."""

    value: Name | None = None
    languages: Annotated[int, Field(ge=1, le=1000)] | None = None


class TagEntropy(Check):
    """An entropy in bits over so many tags."""

    value: Name | None = None
    tags: Annotated[int, Field(ge=1, le=1_000_000)] | None = None


class Granularity(Check):
    """A percentage of so many items, or its mean over `runs` runs on the same items."""

    value: Name | None = None
    items: Annotated[int, Field(ge=1, le=10**12)] | None = None
    runs: Annotated[int, Field(ge=1, le=10_000)] = 1


class Checks(Noun):
    """The checks of one paper's numbers; each kind has its function in `reproduce.audit`."""

    differences: tuple[Difference, ...] = ()
    means: tuple[Mean, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    ranges: tuple[Range, ...] = ()
    code_mixing: tuple[CodeMixing, ...] = ()
    entropies: tuple[TagEntropy, ...] = ()
    granularities: tuple[Granularity, ...] = ()


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
    file: Text | None = None  # its text, from the folder of papers.yaml or of --sources
    sha256: Sha256 | None = None  # of that file
    cited: tuple[Citation, ...] = ()
    reported: tuple[Reported, ...] = ()
    checks: Checks = Checks()
    notes: str = ""


class CitedDocument(Noun):
    """A text that claims are quoted from and that is not itself one of the papers.

    What it says of itself (`retrieved` and the like) is what the audit holds it to.
    """

    title: Text
    author: str = ""
    date: str | None = None
    file: Text | None = None  # from the folder of papers.yaml or of --sources
    sha256: Sha256 | None = None  # of the file quoted from
    question: str = ""
    # What a claim that answers the question would mention: `GLUECoS` as it stands, `code-switch` as
    # the beginning of any word.
    question_terms: tuple[Text, ...] = ()
    names: tuple[Name, ...] = ()  # papers whose work its title or question names
    abstract_of: Name | None = None  # the paper whose abstract it prints as its own
    retrieved: int | None = None  # papers it says it retrieved
    extracted: int | None = None  # claims it says it extracted
    verified: int | None = None  # claims it says it verified
    doubtful_below: Printed | None = None  # a confidence that is at odds with a mark "verified"
    references: tuple[Name, ...] = ()
    checks: Checks = Checks()
    reported: tuple[Reported, ...] = ()
    notes: str = ""


class Papers(Noun):
    """The content of `papers.yaml`."""

    documents: dict[Name, CitedDocument] = {}
    papers: dict[Name, Paper] = {}

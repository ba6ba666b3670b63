"""A draft: a claim as it was found in a document, before a person says what to run and expect."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SerializeAsAny

from reproduce.nouns.base import Name, Noun, by_kind
from reproduce.nouns.claim import Claim, Decided, Inference, Role, Source, Unit
from reproduce.nouns.evidence import Evidence
from reproduce.nouns.expectation import EXPECTATIONS, Expectation
from reproduce.nouns.experiment import EXPERIMENTS, Experiment


class FoundNumber(Noun):
    """A number in the quote, with the precision that is printed."""

    text: str  # as it stands there: "1 to 3 absolute percentage points"
    value: str  # "1.50" keeps its zero; of a range, its lower end
    to: str | None = None  # the upper end of a range
    decimals: int  # printed digits after the point
    unit: str = ""  # points, %, F1, layers, ...
    offset: int  # in characters, from the beginning of the quote


class FoundComparison(Noun):
    """One thing said to be above or below another, and by how much if that is printed."""

    text: str
    relation: str  # outperform, improves, ...
    direction: Literal["higher", "lower"]
    over: str = ""  # what it is compared with, as worded
    by: str | None = None
    to: str | None = None  # the upper end of "by 1 to 3"
    unit: str = ""


class Found(Noun):
    """What patterns found in the quote; a help for the person who fills in the draft."""

    numbers: tuple[FoundNumber, ...] = ()
    comparisons: tuple[FoundComparison, ...] = ()
    tasks: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


class Draft(Noun):
    """A YAML file with `status: draft`; it is checked and listed, and never run.

    It may have every key of a claim, so that it can be filled in bit by bit.
    """

    status: Literal["draft"]
    id: Name
    title: Annotated[str, Field(min_length=1, max_length=200)]
    source: Source
    found: Found = Found()
    paper: Name | None = None
    family: Name | None = None
    role: Role | None = None
    min_evidence: Evidence | None = None
    alpha: Annotated[float, Field(gt=0, le=0.2)] | None = None
    experiment: (
        Annotated[SerializeAsAny[Experiment], BeforeValidator(by_kind(EXPERIMENTS))] | None
    ) = None
    expect: (
        Annotated[SerializeAsAny[Expectation], BeforeValidator(by_kind(EXPECTATIONS))] | None
    ) = None
    unit: Unit | None = None
    inference: Inference | None = None
    justification: str = ""
    assumptions: tuple[str, ...] = ()
    notes: str = ""
    must_be: tuple[Decided, ...] = ()


def missing_keys(draft: Draft) -> tuple[str, ...]:
    """What a claim needs and this draft does not have yet."""
    required = [name for name, field in Claim.model_fields.items() if field.is_required()]
    return tuple(name for name in required if getattr(draft, name) is None)

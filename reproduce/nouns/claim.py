"""A claim: where a paper says it, what to run, what is expected, how it is judged."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SerializeAsAny, model_validator

from reproduce.nouns.base import Name, Noun, by_kind, digest
from reproduce.nouns.evidence import Evidence
from reproduce.nouns.expectation import EXPECTATIONS, Expectation
from reproduce.nouns.experiment import EXPERIMENTS, Experiment

Role = Literal["confirmatory", "exploratory", "control"]
Decided = Literal["supported", "refuted", "inconclusive"]
Unit = Literal["seed", "pretraining", "language", "language-pair", "sentence"]
Inference = Literal["this-test-set", "new-sentences"]
CheckpointRule = Literal["last", "source-dev", "target-dev"]

_POINTS = re.compile(r"^[+-]?\d+(\.\d+)?( points)?$")


def _check_points(text: str) -> str:
    if not _POINTS.match(text):
        raise ValueError(
            f"{text!r} is not a number of percentage points such as '1.0' or '1.0 points'"
        )
    return text


Points = Annotated[str, AfterValidator(_check_points)]
"""Absolute percentage points as a string, so that the printed precision is kept: `"1.0"`."""


def points(text: str) -> Decimal:
    """The value of a `Points` string."""
    return Decimal(text.removesuffix(" points"))


def half_unit(text: str) -> Decimal:
    """Half a unit of the last printed digit: what rounding may have hidden."""
    exponent = points(text).as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(5).scaleb(exponent - 1)


class Source(Noun):
    """Where the claim is printed, word for word, and how sure the source itself is."""

    document: Name
    row: int | None = None
    quote: Annotated[str, Field(min_length=1)]
    truncated: bool = False
    offset: Annotated[int, Field(ge=0)] | None = None  # of the quote, in characters of the document
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None  # of the document
    confidence: str | None = None
    verified: bool | None = None


class Claim(Noun):
    """One YAML file of the book."""

    id: Name
    title: Annotated[str, Field(min_length=1, max_length=200)]
    paper: Name
    source: Source
    family: Name
    role: Role
    min_evidence: Evidence = Evidence.SIMULATED
    alpha: Annotated[float, Field(gt=0, le=0.2)] = 0.05
    experiment: Annotated[SerializeAsAny[Experiment], BeforeValidator(by_kind(EXPERIMENTS))]
    expect: Annotated[SerializeAsAny[Expectation], BeforeValidator(by_kind(EXPECTATIONS))]
    unit: Unit
    inference: Inference = "this-test-set"
    justification: str = ""
    assumptions: tuple[str, ...] = ()
    notes: str = ""
    draft: Name | None = None  # id of the draft that it was made from
    must_be: tuple[
        Decided, ...
    ] = ()  # of a control: the outcomes that it must have; see `required`

    @model_validator(mode="after")
    def _only_controls_must(self) -> Claim:
        if self.must_be and self.role != "control":
            raise ValueError("must_be is for controls: what is claimed of the world may fail")
        return self


CRITERION = (
    "alpha",
    "expect",
    "experiment",
    "family",
    "inference",
    "min_evidence",
    "role",
    "unit",
)
"""The fields that decide the verdict."""


def required(claim: Claim) -> tuple[Decided, ...]:
    """The outcomes that a control must have, "supported" if it does not say; else none."""
    if claim.role != "control":
        return ()
    return claim.must_be or ("supported",)


def criterion_digest(claim: Claim) -> str:
    """Digest of what decides the verdict: editing it after records exist is an amendment."""
    return digest(claim.model_dump(mode="json", include=set(CRITERION)))

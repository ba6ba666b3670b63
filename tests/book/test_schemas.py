from __future__ import annotations

import jsonschema
import pytest

from reproduce.book import json_schema
from reproduce.book.document import read_document
from reproduce.book.schemas import NOUNS
from reproduce.errors import UserError
from reproduce.nouns.expectation import EXPECTATIONS
from reproduce.resources import shipped
from tests.book.conftest import CLAIM


@pytest.mark.parametrize("noun", NOUNS)
def test_a_schema_is_valid_json_schema(noun: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema(noun))


def test_every_shipped_claim_fits_the_schema() -> None:
    validator = jsonschema.Draft202012Validator(json_schema("claim"))
    files = [p for p in shipped("claims").rglob("*.yaml") if p.name != "papers.yaml"]
    files = [p for p in files if p.parent.name != "drafts"]
    assert files
    for file in files:
        validator.validate(read_document(file).value)


def test_the_shipped_papers_fit_the_schema() -> None:
    papers = read_document(shipped("claims") / "papers.yaml").value
    jsonschema.Draft202012Validator(json_schema("papers")).validate(papers)


@pytest.mark.parametrize(
    ("old", "new"),
    [("kind: margin", "kind: margn"), ("  margin:", "  margins:"), ("role: c", "role: C")],
)
def test_a_wrong_claim_does_not_fit_the_schema(old: str, new: str) -> None:
    from reproduce.book.document import parse_document

    value = parse_document(CLAIM.replace(old, new), "a.yaml").value
    assert not jsonschema.Draft202012Validator(json_schema("claim")).is_valid(value)


def test_every_registered_expectation_is_in_the_schema() -> None:
    schema = json_schema("claim")
    assert set(schema["properties"]["expect"]["discriminator"]["mapping"]) == set(EXPECTATIONS)


def test_an_unknown_kind_of_file_is_refused() -> None:
    with pytest.raises(UserError, match="did you mean 'claim'"):
        json_schema("clam")

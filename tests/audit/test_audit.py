from __future__ import annotations

from pathlib import Path

import pytest

from reproduce.audit import KINDS
from reproduce.book.papers import Checks
from reproduce.errors import SpecErrors
from tests.audit.conftest import Audit

DOCUMENT = "documents.report."


def test_a_report_that_is_in_order_has_no_problem(audited: Audit) -> None:
    assert {finding.result for finding in audited().values()} == {"ok"}


PROBLEMS: dict[str, tuple[str, str, str, str]] = {
    "papers retrieved": ("retrieved: 2", "retrieved: 15", "retrieved", "15 papers were retrieved"),
    "claims extracted": ("extracted: 2", "extracted: 3", "extracted", "quotes 2 rows"),
    "claims verified": ("verified: 2", "verified: 1", "verified", "2 rows are marked so"),
    "terms": ("[POS, code", "[POS, tags, code", "question_terms", "2 claims mentions tags"),
    "a name": ("names: [two]", "names: [three]", "names", "does not reference it"),
    "an abstract": ("abstract_of: one", "abstract_of: two", "abstract_of", "under another title"),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_what_a_report_says_is_held_against_what_it_prints(audited: Audit, name: str) -> None:
    old, new, key, words = PROBLEMS[name]
    finding = audited((old, new), ("  two:\n", "  three: {link: x}\n  two:\n"))[DOCUMENT + key]
    assert finding.result == "problem"
    assert words in finding.reason


@pytest.mark.parametrize("confidence", ["0.31", "31 %"])
def test_a_mark_at_a_low_confidence_is_a_problem(audited: Audit, confidence: str) -> None:
    finding = audited(confidence=confidence)[DOCUMENT + "doubtful_below"]
    assert finding.result == "problem"
    assert "2 of 2 claims marked as verified have a confidence below 0.5: 0.31" in finding.reason


def test_a_low_confidence_without_a_mark_contradicts_nothing(audited: Audit) -> None:
    finding = audited(confidence="0.31", mark="false")[DOCUMENT + "doubtful_below"]
    assert finding.result == "cannot be checked"


@pytest.mark.parametrize("confidence", ["high", "NaN"])
def test_a_confidence_that_is_no_number_cannot_be_checked(audited: Audit, confidence: str) -> None:
    finding = audited(confidence=confidence)[DOCUMENT + "doubtful_below"]
    assert finding.result == "cannot be checked"


@pytest.mark.parametrize("key", ["extracted", "verified", "doubtful_below", "question_terms"])
def test_without_its_rows_a_report_cannot_be_checked(
    audited: Audit, tmp_path: Path, key: str
) -> None:
    other = "status: draft\nid: x\ntitle: x\nsource: {document: one, quote: x}\n"
    (tmp_path / "x.yaml").write_text(other)
    assert audited(rows=0)[DOCUMENT + key].result == "cannot be checked"


def test_a_term_is_no_part_of_another_word(audited: Audit) -> None:
    finding = audited(("[POS, code-switch]", "[OS]"))[DOCUMENT + "question_terms"]
    assert finding.result == "problem"


def test_a_citation_that_does_not_support_its_use_is_a_problem(audited: Audit) -> None:
    finding = audited(("parsing, supports: true", "parsing, supports: false"))[
        "papers.two.cited[0]"
    ]
    assert (finding.subject, finding.result) == ("report", "problem")
    assert finding.reason == "Does not support that use. It parses."


def test_a_reference_that_nobody_looked_at_is_told(audited: Audit) -> None:
    line = (
        "    cited: [{document: report, cited_for: parsing, supports: true, reason: It parses.}]\n"
    )
    finding = audited((line, ""))["documents.report.references[1]"]
    assert finding.result == "cannot be checked"


def test_a_printed_number_that_does_not_add_up_is_a_problem(audited: Audit) -> None:
    finding = audited(('"1.5"', '"1.2"'))["papers.one.checks.differences[0]"]
    assert (finding.subject, finding.kind, finding.result) == ("one", "differences", "problem")


def test_every_kind_of_check_has_its_function() -> None:
    assert list(KINDS) == list(Checks.model_fields)


MISTAKES: dict[str, tuple[str, str, int, str]] = {
    "an unknown number": ("of: a,", "of: aa,", 22, "unknown reported number 'aa'"),
    "an id used twice": ("{id: b,", "{id: a,", 19, "is the id of another reported number"),
    "an unknown paper": ("names: [two]", "names: [too]", 10, "unknown paper 'too'"),
    "an abstract of nothing": ("abstract_of: one", "abstract_of: on", 9, "unknown paper 'on'"),
    "a missing part": (", minus: b}", "}", 22, "`unknown` has to say why"),
    "an unknown that is known": ("minus: b}", "minus: b, unknown: No.}", 22, "none is"),
    "a number in words": ('"1.5"', "about two", 19, "'about two'"),
    "a number that is bare": ('"1.5"', "1.5", 19, "found 1.5"),
    "an unknown kind": ("differences:", "diferences:", 22, "unknown key"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_papers_is_refused_with_its_line(
    audited: Audit, tmp_path: Path, name: str
) -> None:
    old, new, line, words = MISTAKES[name]
    with pytest.raises(SpecErrors) as raised:
        audited((old, new))
    places = {(problem.line, words in problem.found) for problem in raised.value.problems}
    assert (line, True) in places, raised.value.text()

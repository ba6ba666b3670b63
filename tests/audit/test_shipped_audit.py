"""What the audit says of the shipped book."""

from __future__ import annotations

from collections import Counter

import pytest

from reproduce.audit import Finding, audit
from reproduce.book import load_book
from reproduce.resources import shipped


@pytest.fixture(scope="module")
def findings() -> dict[str, Finding]:
    return {finding.key: finding for finding in audit(load_book([shipped("claims")]))}


def test_the_paper_on_generation_does_not_support_its_use(findings: dict[str, Finding]) -> None:
    finding = findings["papers.chirkova-2023.cited[0]"]
    assert finding.result == "problem"
    assert all(model in finding.reason for model in ("mBART", "mT5", "NLLB"))


REPORT = {
    "retrieved": ("problem", "15 papers were retrieved, and references 3"),
    "extracted": ("ok", "15 rows"),
    "verified": ("ok", "15 rows"),
    "doubtful_below": ("problem", "15 of 15 claims marked as verified"),
    "question_terms": ("problem", "GLUECoS, POS, code-switch, synthetic, real corpora"),
    "abstract_of": ("problem", "chen-2022-dlfa"),
    "names": ("problem", "khanuja-2020-gluecos"),
}


@pytest.mark.parametrize("key", REPORT)
def test_the_literature_report_is_audited_too(findings: dict[str, Finding], key: str) -> None:
    result, words = REPORT[key]
    finding = findings[f"documents.literature-report.{key}"]
    assert finding.result == result
    assert words in finding.reason


def test_indices_that_cannot_exist_are_found(findings: dict[str, Finding]) -> None:
    mixing = [f for f in findings.values() if f.kind == "code mixing"]
    assert [finding.result for finding in mixing] == ["problem", "problem"]
    assert all("at most 50" in finding.reason for finding in mixing)


def test_the_numbers_of_the_abstract_fit_the_range_of_the_report(
    findings: dict[str, Finding],
) -> None:
    assert findings["papers.chen-2022-dlfa.checks.ranges[0]"].result == "ok"


def test_a_mean_over_languages_that_includes_english_adds_up(findings: dict[str, Finding]) -> None:
    assert findings["papers.hu-2020-xtreme.checks.means[0]"].result == "ok"


def test_every_result_occurs_and_every_one_has_its_reason(findings: dict[str, Finding]) -> None:
    counts = Counter(finding.result for finding in findings.values())
    assert set(counts) == {"ok", "problem", "cannot be checked"}
    assert all(finding.reason.endswith(".") for finding in findings.values())

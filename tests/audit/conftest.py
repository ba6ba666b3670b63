"""A book with a report of two rows and the papers that it cites, which tests change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from reproduce.audit import Finding, audit
from reproduce.book import load_book

# A busy machine is slow at any single example, which proves nothing.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")

PAPERS = """\
documents:
  report:
    title: Tagging code-switched text
    retrieved: 2
    extracted: 2
    verified: 2
    doubtful_below: "0.5"
    question_terms: [POS, code-switch]
    abstract_of: one
    names: [two]
    references: [one, two]
papers:
  one:
    title: Tagging code-switched text
    link: here
    cited: [{document: report, cited_for: tagging, supports: true, reason: It tags.}]
    reported:
      - {id: a, what: A, value: "2.0", place: table}
      - {id: b, what: B, value: "1.5", place: table}
      - {id: gain, what: gain, value: "0.5", place: abstract}
    checks:
      differences: [{what: the gain, printed: gain, of: a, minus: b}]
  two:
    link: there
    cited: [{document: report, cited_for: parsing, supports: true, reason: It parses.}]
"""
DRAFT = """\
status: draft
id: report-{row}
title: A draft
source:
  {{document: report, row: {row}, quote: "{quote}", confidence: "{confidence}", verified: {mark}}}
"""

Audit = Callable[..., dict[str, Finding]]


@pytest.fixture
def audited(tmp_path: Path) -> Audit:
    """Audits the book with replacements in `papers.yaml`; findings by their key."""

    def run(
        *changes: tuple[str, str], confidence: str = "0.9", mark: str = "true", rows: int = 2
    ) -> dict[str, Finding]:
        text = PAPERS
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / "papers.yaml").write_text(text)
        for row, quote in enumerate(["POS tagging works.", "Code-switched text too."][:rows], 1):
            content = DRAFT.format(row=row, quote=quote, confidence=confidence, mark=mark)
            (tmp_path / f"report-{row}.yaml").write_text(content)
        return {finding.key: finding for finding in audit(load_book([tmp_path / "."]))}

    return run

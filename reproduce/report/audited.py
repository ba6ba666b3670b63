"""The audit of a book, as a page of its report."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from reproduce.audit import audit
from reproduce.book import Book
from reproduce.report.references import reference
from reproduce.report.view import AuditGroup, AuditView


def audit_view(book: Book) -> AuditView | None:
    """Every check of `papers.yaml` by paper; None where it declares none."""
    findings = audit(book)
    if not findings:
        return None
    groups = groupby(findings, key=lambda finding: finding.subject)
    return AuditView(
        counts=dict(Counter(str(finding.result) for finding in findings)),
        groups=tuple(
            AuditGroup(subject=reference(name, book), findings=tuple(found))
            for name, found in groups
        ),
    )

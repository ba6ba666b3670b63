"""The citation audit: whether each paper supports what it is cited for."""

from __future__ import annotations

from collections.abc import Iterator

from reproduce.audit.finding import Finding
from reproduce.book.papers import Papers


def check_citations(papers: Papers) -> Iterator[Finding]:
    """One line for each citation that was looked at, and for each reference that was not."""
    looked_at = set()
    for name, paper in papers.papers.items():
        for i, citation in enumerate(paper.cited):
            looked_at.add((citation.document, name))
            yield Finding(
                subject=citation.document,
                kind="citation",
                what=f"{name}, cited for {citation.cited_for}",
                result="ok" if citation.supports else "problem",
                reason=f"{'Supports' if citation.supports else 'Does not support'} that use. "
                f"{citation.reason}",
                key=f"papers.{name}.cited[{i}]",
            )
    for document_name, document in papers.documents.items():
        for i, name in enumerate(document.references):
            if (document_name, name) not in looked_at:
                yield Finding(
                    subject=document_name,
                    kind="citation",
                    what=f"{name}, referenced",
                    result="cannot be checked",
                    reason="Nobody has written down what it is cited for.",
                    key=f"documents.{document_name}.references[{i}]",
                )

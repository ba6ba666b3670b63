"""From a document with a table of claims to draft claims, and from claims back to their quotes."""

from __future__ import annotations

from reproduce.extract.drafts import Extraction, document_name, draft_yaml, extract, write_drafts
from reproduce.extract.quotes import QuoteCheck, check_quotes
from reproduce.extract.source_text import FORMATS, Format, SourceText, read_source

__all__ = [
    "FORMATS",
    "Extraction",
    "Format",
    "QuoteCheck",
    "SourceText",
    "check_quotes",
    "document_name",
    "draft_yaml",
    "extract",
    "read_source",
    "write_drafts",
]

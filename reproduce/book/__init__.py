"""The book: YAML files become nouns, and everything that is wrong with them is said at once."""

from __future__ import annotations

from reproduce.book.book import (
    Book,
    BookClaim,
    BookDraft,
    drafts_that_would_run,
    family_sizes,
    load_book,
    load_papers,
)
from reproduce.book.consistency import check_against
from reproduce.book.papers import Papers
from reproduce.book.schemas import json_schema
from reproduce.book.settings import load_setting, setting_names

__all__ = [
    "Book",
    "BookClaim",
    "BookDraft",
    "Papers",
    "check_against",
    "drafts_that_would_run",
    "family_sizes",
    "json_schema",
    "load_book",
    "load_papers",
    "load_setting",
    "setting_names",
]

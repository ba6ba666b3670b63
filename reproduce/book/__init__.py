"""The book: YAML files become nouns, and everything that is wrong with them is said at once."""

from __future__ import annotations

from reproduce.book.book import Book, BookClaim, family_sizes, load_book, load_papers
from reproduce.book.consistency import check_against
from reproduce.book.papers import Papers
from reproduce.book.schemas import json_schema
from reproduce.book.settings import load_setting, setting_names

__all__ = [
    "Book",
    "BookClaim",
    "Papers",
    "check_against",
    "family_sizes",
    "json_schema",
    "load_book",
    "load_papers",
    "load_setting",
    "setting_names",
]

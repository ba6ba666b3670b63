"""Tells which claims a document has cut off, and where it cuts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_END = re.compile(r"[.!?:;…][\"'”’)\]}$]*$")
_ELLIPSIS = re.compile(r"(…|\.\.\.|\\ldots|\\dots)[\"'”’)\]}$]*$")


def cut_length(quotes: Sequence[str]) -> int | None:
    """The length, in characters, that a document cuts its claims at; None if it does not.

    A limit shows itself: several claims have exactly that length and do not end a sentence.
    """
    lengths = Counter(len(quote) for quote in quotes if not _END.search(quote))
    if not lengths:
        return None
    length, count = max(lengths.items(), key=lambda item: (item[1], item[0]))
    return length if count > 1 else None


def is_cut(quote: str, limit: int | None) -> bool:
    """Whether a claim is cut off, given where its document cuts."""
    if _ELLIPSIS.search(quote):
        return True
    # One less: a space at the end of what was cut is not part of the cell.
    return limit is not None and len(quote) >= limit - 1 and not _END.search(quote)

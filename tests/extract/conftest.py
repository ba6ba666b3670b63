"""Documents written in a temporary folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from reproduce.extract import SourceText, read_source

# A busy machine is slow at any single example, which proves nothing.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")

Read = Callable[..., SourceText]

TABLE = """\
# A report

Claim\tVerified\tConfidence
BERT gains 1.50 points.\t✓\t0.30
It “works” — with a | pipe\t✗\t
"""


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Writes a document and reads it: `read(text, "a.md")`."""

    def write_and_read(content: str | bytes, name: str = "report.txt") -> SourceText:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_source(path)

    return write_and_read

"""Where the real corpora lie, for tests that read them and skip where they are absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

DATA = Path(
    os.environ.get("REPRODUCE_TEST_DATA", Path(__file__).parents[3] / "shared" / "data")
).resolve()


def real(place: str) -> Path:
    """A corpus of the real data, or a skip."""
    if not (DATA / place).exists():
        pytest.skip(f"no {place} in {DATA}; set REPRODUCE_TEST_DATA")
    return DATA / place

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reproduce.probing import frozen
from tests.probing.factory import register


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    register()
    frozen._states.clear()
    yield
    frozen._states.clear()

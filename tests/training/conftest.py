from __future__ import annotations

import pytest

from tests.training import factory


@pytest.fixture(scope="session", autouse=True)
def memory_source() -> factory.MemorySource:
    """The source `memory`: examples made from a slice's own description."""
    factory.register()
    return factory.SOURCE

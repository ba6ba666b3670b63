from __future__ import annotations

import pytest

from reproduce.world import World


@pytest.fixture(scope="session")
def world() -> World:
    return World()

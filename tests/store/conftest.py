"""A store in an empty folder, and a record to put into it."""

from __future__ import annotations

import pytest

from reproduce.store import Store
from tests.schedule.fake_runner import make_cell, make_record


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture
def record():
    return make_record(make_cell(1))

"""One thread everywhere, before torch is imported; and the checkpoint that many tests share."""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
os.environ["HF_HUB_OFFLINE"] = "1"

import tempfile  # noqa: E402
from pathlib import Path  # noqa: E402

import pytest  # noqa: E402

from tests.tiny import make_checkpoint  # noqa: E402

# What the program keeps outside its folders goes to one of the tests' own, also from sub-processes.
_CACHE = tempfile.TemporaryDirectory(prefix="reproduce-tests-")
os.environ["REPRODUCE_CACHE"] = _CACHE.name


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random BERT of 3 layers x 16 hidden units over small English words."""
    return make_checkpoint(tmp_path_factory.mktemp("tiny") / "bert")

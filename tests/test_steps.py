from __future__ import annotations

import json

import pytest

from reproduce.steps import SOURCES_OF_STEPS, STEPS
from tests.pin_steps import PACKAGE, PINS, source_hash, step_hash

# Command line, planning and what only reads records: no result depends on them.
NO_STEP = {"data/__init__.py", "training/__init__.py", "models/__init__.py"}


@pytest.mark.parametrize("step", STEPS)
def test_the_source_of_a_step_is_the_one_its_version_was_given_for(step):
    pinned = json.loads(PINS.read_text())[step]
    found = {"version": STEPS[step], "source": step_hash(step)}
    assert found == pinned, (
        f"the code of step {step!r} differs from what version {pinned['version']} was pinned to. "
        f"If results can differ, raise STEPS[{step!r}] in reproduce/steps.py, so that old records "
        "are not taken for new ones; in either case run: python -m tests.pin_steps"
    )


def test_every_step_has_its_sources():
    assert STEPS.keys() == SOURCES_OF_STEPS.keys()


def test_all_code_between_a_cell_and_its_record_belongs_to_a_step():
    covered = set()
    for places in SOURCES_OF_STEPS.values():
        for place in places:
            path = PACKAGE / place
            covered |= set(path.rglob("*.py")) if path.is_dir() else {path}
    folders = ("models", "training", "data", "tasks")
    every = {file for folder in folders for file in (PACKAGE / folder).rglob("*.py")}
    missing = {file.relative_to(PACKAGE).as_posix() for file in every - covered}
    assert missing <= NO_STEP


def test_comments_docstrings_and_layout_do_not_count():
    plain = "def f(x):\n    return x + 1\n"
    dressed = '"""Doc."""\ndef f(\n    x,\n):\n    """Doc."""\n    # why\n    return (x + 1)\n'
    assert source_hash(plain) == source_hash(dressed)


def test_code_counts():
    assert source_hash("x = 1") != source_hash("x = 2")

"""A nursery for fast calls of the program, and the toy project after an undisturbed run."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.end_to_end.conftest import Project, make_project
from tests.faults.nursery import Nursery

RUN = ("run", "claims", "--setting", "toy.yaml", "--executor", "inline")


@dataclass(frozen=True)
class Reference:
    """What an undisturbed run gives, and how long it takes."""

    records: dict[str, bytes]
    verdicts: list[dict]
    seconds: float


def verdicts(project: Project) -> list[dict]:
    """The verdicts of the latest run, but what it would cost to settle them: that is measured."""
    path = sorted((project.folder / ".reproduce" / "runs").glob("*.json"))[-1]
    found = json.loads(path.read_text())["verdicts"]
    return [{key: value for key, value in each.items() if key != "settle"} for each in found]


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Project]:
    """Makes copies of a project without results."""
    template = make_project(tmp_path_factory.mktemp("template") / "project").folder

    def make() -> Project:
        return Project(shutil.copytree(template, tmp_path_factory.mktemp("copy") / "project"))

    return make


@pytest.fixture(scope="module")
def reference(nursery: Nursery, fresh: Callable[[], Project]) -> Reference:
    project = fresh()
    begun = time.monotonic()
    assert nursery.start(project.folder, *RUN).wait() == 0
    seconds = time.monotonic() - begun
    return Reference(project.records(), verdicts(project), seconds)

"""A store and a folder of marks for cells that only pretend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reproduce.nouns.cell import Cell, Whereabouts
from reproduce.schedule import Event, Options, Summary, execute
from reproduce.store import Store
from tests.schedule import fake_runner


@dataclass
class Bench:
    """Executes pretended cells and remembers what happened."""

    folder: Path
    events: list[Event] = field(default_factory=list)

    @property
    def store(self) -> Store:
        return Store(self.folder / "store")

    @property
    def marks(self) -> list[dict]:
        return fake_runner.read_marks(self.folder / "marks")

    def marks_of(self, cell: Cell) -> list[dict]:
        return [mark for mark in self.marks if mark["cell"] == fake_runner.cell_id(cell)]

    def execute(self, cells: Sequence[Cell], **options) -> Summary:
        (self.folder / "marks").mkdir(exist_ok=True)
        return execute(
            cells,
            Whereabouts(checkpoints={}, corpora={"marks": str(self.folder / "marks")}),
            self.store,
            options=Options(**{"run_cell": fake_runner.REFERENCE, **options}),
            on_event=self.events.append,
        )


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)

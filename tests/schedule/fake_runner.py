"""A stand-in for `run_cell` that sleeps, fails, hangs or dies as the cell's corpus is called."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import numpy as np

from reproduce.nouns.cell import Cell, DataSlice, FineTune, Fusion, Whereabouts, cell_id
from reproduce.nouns.record import Content, Record, Segment
from reproduce.nouns.setting import Training

REFERENCE = "tests.schedule.fake_runner:run_cell"


def make_cell(seed: int, behaviour: str = "well", *, task: str = "pos", fusion: str = "last"):
    """A cell that behaves: well, slow:SECONDS, always fail, fail once, hang, die, die once."""

    def piece(split, language="aa"):
        return DataSlice(
            source="fake",
            name=behaviour,
            language=language,
            task=task,
            split=split,
            count=3,
            digest="0" * 64,
        )

    return FineTune(
        model="f" * 64,
        fusion=Fusion(kind=fusion, layer=None if fusion == "last" else 1),
        task=task,
        pair_head="matched",
        train=(piece("train"),),
        evaluate=(piece("test"), piece("test", "bb")),
        training=Training(epochs=1, learning_rate=0.1),
        checkpoints=("last",),
        seed=seed,
        steps={"fake": "1"},
    )


def make_record(cell: Cell) -> Record:
    """A deterministic record of that cell."""
    random = np.random.default_rng(cell.seed)
    correct = random.integers(0, 5, size=6)
    return Record(
        content=Content(
            cell=cell,
            metric="accuracy",
            labels=("NOUN", "VERB"),
            segments=(
                Segment(checkpoint="last", language="aa", split="test", start=0, stop=3),
                Segment(checkpoint="last", language="bb", split="test", start=3, stop=6),
            ),
            epochs=(0.5,),
            chosen={"last": 1},
        ),
        statistics=np.stack([correct, np.full(6, 5)], axis=1).astype(np.int32),
        clusters=np.arange(6, dtype=np.int64),
        offsets=np.arange(0, 35, 5, dtype=np.int64)[:7],
        predictions=random.integers(0, 2, size=30).astype(np.int16),
    )


def run_cell(cell: Cell, whereabouts: Whereabouts) -> Record:
    """Leave a mark, behave, leave another mark."""
    mark = Mark(cell, whereabouts)
    behaviour = cell.train[0].name
    if behaviour.startswith("slow:"):
        time.sleep(float(behaviour.removeprefix("slow:")))
    elif behaviour == "hang":
        time.sleep(3600)
    elif behaviour == "always fail" or (behaviour == "fail once" and mark.tries == 1):
        raise RuntimeError(f"cell {cell.seed} fails")
    elif behaviour == "die" or (behaviour == "die once" and mark.tries == 1):
        os._exit(7)
    mark.end()
    return make_record(cell)


class Mark:
    """What a test can see of one attempt, in the folder `corpora["marks"]`."""

    def __init__(self, cell: Cell, whereabouts: Whereabouts):
        self._folder = Path(whereabouts.corpora["marks"])
        self._cell = cell_id(cell)
        self._start = time.time()
        self._path = self._folder / f"{self._cell}.{time.time_ns()}.{os.getpid()}"
        self._write(None)

    @property
    def tries(self) -> int:
        return len(list(self._folder.glob(f"{self._cell}.*")))

    def end(self) -> None:
        self._write(time.time())

    def _write(self, end: float | None) -> None:
        devices = os.environ.get("CUDA_VISIBLE_DEVICES")
        mark = {
            "cell": self._cell,
            "pid": os.getpid(),
            "devices": devices,
            "start": self._start,
            "end": end,
            "folder": os.getcwd(),
            "threads": os.environ.get("OMP_NUM_THREADS"),
        }
        partial = self._path.with_name(f".{self._path.name}")
        partial.write_text(json.dumps(mark))
        partial.replace(self._path)  # tests read while cells write


def read_marks(folder: Path) -> list[dict[str, object]]:
    """All marks, in order of time."""
    marks = [json.loads(path.read_text()) for path in folder.glob("[!.]*")]
    return sorted(marks, key=lambda mark: mark["start"])

"""The card of an embedded checkpoint: what it is, what it cost, and what it scores."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reproduce.nouns.cell import Cell, FineTune, Fusion, Whereabouts
from reproduce.nouns.record import Record
from reproduce.nouns.scene import Scene, slice_key
from reproduce.statistics.scores import score

if TYPE_CHECKING:
    pass

RunCell = Callable[[Cell, Whereabouts], Record]
Scores = dict[str, list[float]]  # language -> score in per cent, one a seed


@dataclass(frozen=True)
class Measured:
    """Scores of one task, and what a cell cost.

    Attributes:
        scores: by language, one a seed, in per cent.
        seconds: processor seconds of each cell, reading of its data not included.
    """

    scores: Scores
    seconds: list[float]


def baseline_cell(scene: Scene, task: str, seed: int, model: str) -> FineTune:
    """The baseline `last` of a task, evaluated as claims do it: development and test data."""
    setting = scene.setting
    wanted = [(code, split) for split in ("test", "dev") for code in setting.languages]
    present = [scene.slices.get(slice_key(task, code, split)) for code, split in wanted]
    return FineTune(
        model=model,
        fusion=Fusion(),
        task=task,
        pair_head=setting.pair_head,
        train=scene.slices[slice_key(task, setting.source_language, "train")],
        evaluate=tuple(piece for piece in present if piece is not None),
        training=setting.tasks[task].training,
        checkpoints=("last",),
        seed=seed,
        steps=scene.steps,
    )


def test_scores(record: Record) -> dict[str, float]:
    """Score in per cent on the test data of each language."""
    return {
        part.language: 100
        * float(score(record.content.metric, record.statistics[part.start : part.stop].sum(0)))
        for part in record.content.segments
        if part.split == "test"
    }


def measure(
    scene: Scene, task: str, seeds: Sequence[int], run: RunCell, places: Whereabouts, model: str
) -> Measured:
    """Train and evaluate the baseline of one task from several seeds."""
    scores: Scores = {code: [] for code in scene.setting.languages}
    seconds = []
    for seed in seeds:
        cell = baseline_cell(scene, task, seed, model)
        started = time.process_time()
        record = run(cell, places)
        seconds.append(time.process_time() - started)
        for code, value in test_scores(record).items():
            scores[code].append(value)
    return Measured(scores, seconds)

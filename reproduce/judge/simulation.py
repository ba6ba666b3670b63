"""Simulation: records of known truth, on which the judge itself is tested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from reproduce.judge.observations import Observations, Slice, TaskScores, observe
from reproduce.nouns.cell import Cell, DataSlice, FineTune, Fusion, cell_id
from reproduce.nouns.design import Arm, Design, Trial
from reproduce.nouns.evidence import Evidence
from reproduce.nouns.experiment import Experiment
from reproduce.nouns.record import GATE_NUMBERS, Content, Record, Segment
from reproduce.nouns.setting import Setting, Training

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

WORDS = 1_000_000  # per sentence: a score is then exact to 0.0001 points
SOURCE = "aa"


SETTING = Setting(
    name="simulated",
    title="Simulated",
    evidence=Evidence.SIMULATED,
    checkpoint="none",
    source_language=SOURCE,
    languages={},
    tasks={},
)


class Simulated(Experiment):
    """The experiment of a simulated claim: there is nothing to run."""

    kind: str = "simulated"
    checkpoint: str = "last"


@dataclass(frozen=True)
class Shape:
    """Size of a simulated design; layer None is the baseline, with no lower layer fused.

    With `labels` it has an arm for each of them instead, and no layers. `families` gives the
    targets families.
    """

    tasks: tuple[str, ...] = ("pos",)
    layers: tuple[int | None, ...] = (1,)
    units: int = 8
    targets: tuple[str, ...] = ("bb",)
    looks: tuple[int, ...] = ()
    look: int = 0
    labels: tuple[str, ...] = ()
    families: tuple[str, ...] = ()


def simulated_design(shape: Shape) -> Design:
    """A baseline and a treatment per layer, for every task."""
    trials = []
    for task in shape.tasks:
        trials += [
            Trial(arm=arm, unit=unit, cell=_cell(arm, unit, shape.targets))
            for arm in _arms_of(shape, task)
            for unit in range(shape.units)
        ]
    return Design(
        claim="simulated",
        trials=tuple(trials),
        source_language=SOURCE,
        targets=shape.targets,
        looks=shape.looks or (shape.units,),
        look=shape.look,
        families=dict(zip(shape.targets, shape.families, strict=True)) if shape.families else {},
    )


def _arms_of(shape: Shape, task: str) -> list[Arm]:
    if shape.labels:
        return [
            Arm(task=task, fusion=Fusion(), role="control", label=label) for label in shape.labels
        ]
    arms = [Arm(task=task, fusion=Fusion(), role="baseline")]
    for layer in shape.layers:
        fusion = Fusion(kind="dlfa" if layer is not None else "add", layer=layer)
        arms.append(Arm(task=task, fusion=fusion, role="treatment"))
    return arms


def _cell(arm: Arm, seed: int, targets: tuple[str, ...]) -> FineTune:
    def piece(language: str) -> DataSlice:
        return DataSlice(
            source="simulated",
            name="simulated",
            language=language,
            task=arm.task,
            split="test",
            count=1,
            digest="0",
        )

    return FineTune(
        model=arm.label or "0",
        fusion=arm.fusion,
        task=arm.task,
        pair_head="matched",
        train=(piece(SOURCE),),
        evaluate=tuple(piece(c) for c in targets),
        training=Training(epochs=1, learning_rate=0.001),
        checkpoints=("last",),
        seed=seed,
        steps={},
    )


def segment_record(
    cell: Cell, statistics: Mapping[Slice, Rows], metric: str = "accuracy"
) -> Record:
    """A record with the given per-sentence statistics by slice; sentence i means meaning i."""
    segments, start = [], 0
    for piece, rows in statistics.items():
        stop = start + len(rows)
        segments.append(
            Segment(
                checkpoint=piece.checkpoint,
                language=piece.language,
                split=piece.split,
                start=start,
                stop=stop,
            )
        )
        start = stop
    table = np.concatenate(list(statistics.values()))
    return Record(
        content=Content.model_validate(
            {
                "cell": cell,
                "metric": metric,
                "labels": (),
                "segments": tuple(segments),
                "epochs": (),
                "chosen": {},
            }
        ),
        statistics=table.astype(np.int32),
        clusters=np.concatenate([np.arange(len(s)) for s in statistics.values()]),
        offsets=np.zeros(len(table) + 1, dtype=np.int64),
        predictions=np.zeros(0, dtype=np.int16),
    )


def score_record(cell: Cell, scores: Mapping[Slice, float]) -> Record:
    """A record of one long sentence a slice that has the given scores, in percent."""
    rows = {
        piece: np.array([[round(value * WORDS / 100), WORDS]]) for piece, value in scores.items()
    }
    return segment_record(cell, rows)


def simulated_records(design: Design, scores: Mapping[str, Floats]) -> dict[str, Record]:
    """Records in which every language and split has the score of its arm and unit.

    Args:
        design: from `simulated_design`.
        scores: task -> [arms, units] in percent, or [arms, units, targets]; the baseline first.
    """
    records = {}
    for task, values in scores.items():
        arms = list(dict.fromkeys(arm for arm in _arms(design, task)))
        full = np.broadcast_to(
            values if values.ndim == 3 else values[:, :, None],
            (*values.shape[:2], len(design.targets)),
        )
        for trial in design.trials:
            if trial.arm.task != task:
                continue
            row = full[[a == trial.arm.model_dump_json() for a in arms].index(True), trial.unit]
            mean = float(row.mean())
            pieces = {Slice("last", SOURCE, "dev"): mean}
            for language, value in zip(design.targets, row, strict=True):
                pieces[Slice("last", language, "dev")] = float(value)
                pieces[Slice("last", language, "test")] = float(value)
            records[cell_id(trial.cell)] = score_record(trial.cell, pieces)
    return records


def _arms(design: Design, task: str) -> list[str]:
    return [t.arm.model_dump_json() for t in design.trials if t.arm.task == task]


@dataclass(frozen=True, eq=False)
class Template:
    """Observations of a design whose scores are replaced again and again, without records."""

    observations: Observations

    @property
    def units(self) -> int:
        """Number of units that are filled."""
        return len(self.observations.units())

    @staticmethod
    def of(design: Design) -> Template:
        """A template with all scores at 50."""
        shape = _shape(design)
        scores = {task: np.full(size, 50.0) for task, size in shape.items()}
        return Template(observe(design, simulated_records(design, scores), {}))

    def filled(self, scores: Mapping[str, Floats]) -> Observations:
        """The observations with other scores: task -> [arms, units] or [arms, units, targets].

        The source language scores the mean of the targets, or what `task@aa` maps to.
        """
        tasks = {
            name: _filled(task, scores[name], scores.get(f"{name}@{SOURCE}"))
            for name, task in self.observations.tasks.items()
        }
        return replace(self.observations, tasks=tasks)


@dataclass(frozen=True, eq=False)
class GateTemplate:
    """Observations whose fusion gates are replaced again and again."""

    observations: Observations
    units: int

    @staticmethod
    def of(design: Design) -> GateTemplate:
        """A template with all scores at 50."""
        template = Template.of(design)
        return GateTemplate(template.observations, template.units)

    def filled(self, gates: Mapping[str, Floats]) -> Observations:
        """The observations with other mean gates: task -> [arms, units] in points."""
        tasks = {
            name: replace(
                task,
                records=tuple(
                    tuple(_gated(r, float(g)) for r, g in zip(row, means, strict=True))
                    for row, means in zip(task.records, gates[name], strict=True)
                ),
            )
            for name, task in self.observations.tasks.items()
        }
        return replace(self.observations, tasks=tasks)


def _gated(record: Record, points: float) -> Record:
    numbers = dict.fromkeys(GATE_NUMBERS, 0.0) | {"mean": points / 100, "tokens": 1.0}
    languages = {s.language for s in record.content.segments if s.split == "test"}
    measures = {f"gate/{code}/all": tuple(numbers.values()) for code in languages}
    return replace(record, content=record.content.model_copy(update={"measures": measures}))


def _shape(design: Design) -> dict[str, tuple[int, int]]:
    tasks = dict.fromkeys(t.arm.task for t in design.trials)
    units = len({t.unit for t in design.trials})
    return {task: (len(set(_arms(design, task))), units) for task in tasks}


def _filled(task: TaskScores, scores: Floats, source: Floats | None) -> TaskScores:
    full = scores if scores.ndim == 3 else scores[:, :, None]
    sums = task.sums.copy()
    targets = [piece for piece in task.slices if piece.language != SOURCE]
    languages = list(dict.fromkeys(piece.language for piece in targets))
    for i, piece in enumerate(task.slices):
        if piece.language == SOURCE:
            values = full.mean(axis=2) if source is None else source
        else:
            values = full[:, :, languages.index(piece.language) if full.shape[2] > 1 else 0]
        sums[:, :, i, 0] = np.rint(values * WORDS / 100)
    return replace(task, sums=sums)


def sentence_records(design: Design, scores: Mapping[str, Floats]) -> dict[str, Record]:
    """Records with a score for every sentence; the languages' sentences are parallel.

    Args:
        design: from `simulated_design`.
        scores: task -> [arms, units, sentences] in percent, the baseline first.
    """
    records = {}
    for task, values in scores.items():
        arms = list(dict.fromkeys(_arms(design, task)))
        for trial in design.trials:
            if trial.arm.task == task:
                row = values[arms.index(trial.arm.model_dump_json()), trial.unit]
                pieces = _sentence_rows(row, design.targets)
                records[cell_id(trial.cell)] = segment_record(trial.cell, pieces)
    return records


def _sentence_rows(scores: Floats, targets: tuple[str, ...]) -> dict[Slice, Rows]:
    right = np.rint(scores * WORDS / 100)
    rows = np.stack([right, np.full(len(right), WORDS)], axis=1).astype(np.int64)
    pieces = {Slice("last", SOURCE, "dev"): rows[:1]}
    return pieces | {Slice("last", language, "test"): rows for language in targets}


@dataclass(frozen=True, eq=False)
class SentenceTemplate:
    """Observations of a design whose sentences' scores are replaced again and again."""

    observations: Observations

    @staticmethod
    def of(design: Design, sentences: int) -> SentenceTemplate:
        """A template with all scores at 50."""
        scores = {t: np.full((*size, sentences), 50.0) for t, size in _shape(design).items()}
        return SentenceTemplate(observe(design, sentence_records(design, scores), {}))

    def filled(self, scores: Mapping[str, Floats]) -> Observations:
        """The observations with other scores: task -> [arms, units, sentences] in percent."""
        targets = self.observations.design.targets
        tasks = {}
        for name, task in self.observations.tasks.items():
            records = tuple(
                tuple(
                    _refilled(record, scores[name][a, u], targets) for u, record in enumerate(row)
                )
                for a, row in enumerate(task.records)
            )
            tasks[name] = task.with_records(records)
        return replace(self.observations, tasks=tasks)


def _refilled(record: Record, scores: Floats, targets: tuple[str, ...]) -> Record:
    rows = np.concatenate(list(_sentence_rows(scores, targets).values()))
    return replace(record, statistics=rows.astype(np.int32))

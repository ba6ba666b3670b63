"""Scores by task, arm, language and seed, from the per-sentence statistics of the records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isnan
from statistics import fmean, stdev
from typing import NamedTuple

from reproduce.judge.chance import chance_by_language
from reproduce.nouns.cell import cell_id
from reproduce.nouns.design import Arm, Design, Trial, arm_id, fusion_title
from reproduce.nouns.record import Record
from reproduce.nouns.setting import Setting
from reproduce.report.means import means_of
from reproduce.report.tag_spans import CHECKPOINT, span_means
from reproduce.report.view import (
    ArmRow,
    ChanceRow,
    Column,
    Score,
    SeedRow,
    SpanRow,
    TaskView,
    VariantRow,
)
from reproduce.statistics.scores import score, segment_sums

METRICS = {"accuracy": "accuracy, %", "span_f1": "span F1, %", "share": "share, %"}

Scores = dict[tuple[str, str], float]  # (checkpoint, language) -> score on the test split


class Found(NamedTuple):
    """A record that is there, with its test scores."""

    record: Record
    scores: Scores


class ScoreTable:
    """The test scores of every record of a run, computed once for all claims."""

    def __init__(self, records: Mapping[str, Record]):
        self._records = records
        self._ids: dict[int, str] = {}  # by the identity of the cell object: hashing one is slow
        self._found: dict[str, Found] = {}

    def cell_id(self, trial: Trial) -> str:
        """Id of a trial's cell."""
        if id(trial.cell) not in self._ids:
            self._ids[id(trial.cell)] = cell_id(trial.cell)
        return self._ids[id(trial.cell)]

    def find(self, trial: Trial) -> Found | None:
        """What a trial's cell left, if anything."""
        key = self.cell_id(trial)
        if key not in self._found and key in self._records:
            record = self._records[key]
            self._found[key] = Found(record, test_scores(record))
        return self._found.get(key)


def test_scores(record: Record) -> Scores:
    """Score of each test segment, in percent; absent where there is nothing to score."""
    segments = [s for s in record.content.segments if s.split == "test"]
    if not segments:
        return {}
    starts, stops = [s.start for s in segments], [s.stop for s in segments]
    values = score(record.content.metric, segment_sums(record.statistics, starts, stops))
    return {
        (segment.checkpoint, segment.language): float(value)
        for segment, value in zip(segments, values, strict=True)
        if not isnan(value)
    }


def summarize(values: Iterable[float | None]) -> Score | None:
    """Mean and standard deviation of the values that are there."""
    present = [v for v in values if v is not None]
    if not present:
        return None
    return Score(
        mean=fmean(present),
        sd=stdev(present) if len(present) > 1 else None,
        n=len(present),
    )


def variant(arm: Arm) -> str:
    """What tells fusion variants apart, layer aside: `dlfa, product, r = 16`."""
    parts = [arm.fusion.kind]
    if arm.fusion.reading != "complementary":
        parts.append(arm.fusion.reading)
    if arm.fusion.squeeze != 4:
        parts.append(f"r = {arm.fusion.squeeze}")
    if arm.label:
        parts.append(arm.label)
    return ", ".join(parts)


def _columns(trials: Sequence[Trial], design: Design, setting: Setting) -> tuple[Column, ...]:
    sentences: dict[str, int] = {}
    for trial in trials:
        for piece in trial.cell.evaluate:
            if piece.split == "test":
                sentences.setdefault(piece.language, piece.count)
    columns = []
    task = trials[0].arm.task
    targets = design.targets_of.get(task, design.targets)
    for code in dict.fromkeys((design.source_language, *targets)):
        if code in sentences:
            info = setting.languages.get(code)
            columns.append(
                Column(
                    code=code,
                    name=info.name if info else code,
                    family=info.family if info else "",
                    source=code == design.source_language,
                    sentences=sentences[code],
                )
            )
    return tuple(columns)


def _seed_row(trial: Trial, found: Scores, columns: Sequence[Column], rule: str) -> SeedRow:
    scores = tuple(found.get((rule, column.code)) for column in columns)
    means = means_of(scores, columns)
    return SeedRow(unit=trial.unit, seed=trial.cell.seed, scores=scores, **means._asdict())


def _chance_rows(
    arms: Mapping[Arm, Sequence[Trial]], columns: Sequence[Column], table: ScoreTable
) -> tuple[ChanceRow, ...]:
    """Chance, once for the arms that share it: those with other training data may have another."""
    titles: dict[tuple[float | None, ...], list[str]] = {}
    for arm, trials in arms.items():
        record = next((found.record for t in trials if (found := table.find(t))), None)
        if record is None:
            continue
        scores = chance_by_language(record, [column.code for column in columns])
        if any(score is not None for score in scores):
            titles.setdefault(scores, []).append(fusion_title([arm]))
    return tuple(
        ChanceRow(
            arms=tuple(names) if len(titles) > 1 else (),
            scores=scores,
            **means_of(scores, columns)._asdict(),
        )
        for scores, names in titles.items()
    )


def _gain(rows: Sequence[SeedRow], baseline: Mapping[int, SeedRow]) -> Score | None:
    differences = []
    for row in rows:
        other = baseline.get(row.unit)
        if other is None or row.targets is None or other.targets is None:
            continue
        differences.append(row.targets - other.targets)
    return summarize(differences)


def _group(trials: Iterable[Trial]) -> dict[Arm, list[Trial]]:
    arms: dict[str, tuple[Arm, list[Trial]]] = {}
    for trial in trials:
        arms.setdefault(arm_id(trial.arm), (trial.arm, []))[1].append(trial)
    return dict(arms.values())


def _task_view(
    task: str, trials: Sequence[Trial], *, design: Design, table: ScoreTable, context: _Context
) -> TaskView | None:
    columns = _columns(trials, design, context.setting)
    arms = _group(trials)
    rows: dict[Arm, list[SeedRow]] = {}
    metric = ""
    for arm, members in arms.items():
        rows[arm] = []
        for trial in sorted(members, key=lambda t: t.unit):
            found = table.find(trial)
            if found is not None:
                metric = METRICS[found.record.content.metric]
                rows[arm].append(_seed_row(trial, found.scores, columns, context.checkpoint))
    # A comparison of pairs of languages scores no language; it is shown as a matrix.
    if not any(value is not None for r in rows.values() for row in r for value in row.scores):
        return None
    baselines = {arm.fusion.layer: rows[arm] for arm in arms if arm.role == "baseline"}
    return TaskView(
        task=task,
        metric=metric,
        checkpoint=context.checkpoint,
        columns=columns,
        arms=tuple(
            _arm_row(arm, rows[arm], planned=len(arms[arm]), width=len(columns), against=baselines)
            for arm in arms
        ),
        chance=_chance_rows(arms, columns, table),
        spans=tuple(
            row for arm in arms if (row := _span_row(arm, arms[arm], columns, table)) is not None
        ),
    )


def _arm_row(
    arm: Arm,
    seeds: Sequence[SeedRow],
    *,
    planned: int,
    width: int,
    against: Mapping[int | None, Sequence[SeedRow]],
) -> ArmRow:
    # A baseline with layers of its own is compared layer by layer.
    baseline = against.get(arm.fusion.layer, against.get(None, ()))
    paired = {} if arm.role == "baseline" else {row.unit: row for row in baseline}
    return ArmRow(
        id=arm_id(arm),
        title=fusion_title([arm]),
        variant=variant(arm),
        layer=arm.fusion.layer,
        role=arm.role,
        scores=tuple(summarize(row.scores[i] for row in seeds) for i in range(width)),
        targets=summarize(row.targets for row in seeds),
        with_source=summarize(row.with_source for row in seeds),
        gain=_gain(seeds, paired),
        seeds=tuple(seeds),
        missing=planned - len(seeds),
    )


def _span_row(
    arm: Arm, trials: Sequence[Trial], columns: Sequence[Column], table: ScoreTable
) -> SpanRow | None:
    """Both metrics of the records that have both; None where none has."""
    pairs = []
    for trial in sorted(trials, key=lambda t: t.unit):
        found = table.find(trial)
        means = span_means(found.record, columns) if found is not None else None
        if found is not None and means is not None:
            pairs.append((_seed_row(trial, found.scores, columns, CHECKPOINT), means))
    if not pairs:
        return None
    return SpanRow(
        title=fusion_title([arm]),
        accuracy=summarize(row.targets for row, _ in pairs),
        accuracy_with_source=summarize(row.with_source for row, _ in pairs),
        spans=summarize(means.targets for _, means in pairs),
        spans_with_source=summarize(means.with_source for _, means in pairs),
    )


class _Context(NamedTuple):
    setting: Setting
    checkpoint: str


def task_views(
    design: Design, table: ScoreTable, *, setting: Setting, checkpoint: str
) -> tuple[TaskView, ...]:
    """The tasks of a design that have any record, in the design's order."""
    by_task: dict[str, list[Trial]] = {}
    for trial in design.trials:
        by_task.setdefault(trial.arm.task, []).append(trial)
    context = _Context(setting, checkpoint)
    views = (
        _task_view(task, trials, design=design, table=table, context=context)
        for task, trials in by_task.items()
    )
    return tuple(view for view in views if view is not None)


def variant_rows(tasks: Iterable[TaskView]) -> tuple[VariantRow, ...]:
    """Arms side by side; empty where there is only one."""
    rows = []
    for task in tasks:
        variants: dict[str, list[tuple[float, int | None]]] = {}
        for arm in task.arms:
            if arm.gain is not None:
                variants.setdefault(arm.variant, []).append((arm.gain.mean, arm.layer))
        for name, gains in variants.items():
            worst, best = min(gains, key=lambda g: g[0]), max(gains, key=lambda g: g[0])
            rows.append(
                VariantRow(
                    task=task.task,
                    variant=name,
                    layers=len(gains),
                    mean_gain=fmean(gain for gain, _ in gains),
                    worst_gain=worst[0],
                    worst_layer=worst[1],
                    best_gain=best[0],
                    best_layer=best[1],
                )
            )
    several = len({row.variant for row in rows}) > 1
    return tuple(rows) if several else ()

"""Curves of what the layers of a frozen encoder hold, with intervals over sentences."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import NormalDist

import numpy as np

from reproduce.nouns.design import Arm, Design, Trial
from reproduce.nouns.pair import is_pair
from reproduce.nouns.record import Record, Segment
from reproduce.report.tables import ScoreTable
from reproduce.report.view import Curve, Point
from reproduce.statistics.linear import by_cluster, influence

LAYER = "layer"
"""Kind of fusion of the arms that measure one layer alone."""

Key = tuple[str, str, bool]  # measure, label, whether it is a control
Curves = dict[Key, dict[int, Point]]

LEVEL = 0.95
_QUANTILE = NormalDist().inv_cdf((1 + LEVEL) / 2)


def probe_curves(design: Design, table: ScoreTable) -> tuple[Curve, ...]:
    """A curve for each measure, and one for each control of a measure."""
    curves: Curves = {}
    for trial in design.trials:
        layer = trial.arm.fusion.layer
        if trial.arm.fusion.kind != LAYER or layer is None:
            continue
        point = _point(layer, trial, design, table)
        if point is not None:
            curves.setdefault(_key(trial.arm), {})[layer] = point
    return tuple(
        Curve(
            name=f"{task}, {label}" if label else task,
            control=control,
            points=tuple(points[layer] for layer in sorted(points)),
        )
        for (task, label, control), points in _measure_before_control(curves)
        if len(points) > 1
    )


def _measure_before_control(curves: Curves) -> list[tuple[Key, dict[int, Point]]]:
    """Each measure with its control behind it, measures as they come."""
    order = list(dict.fromkeys(task for task, _, _ in curves))
    return sorted(curves.items(), key=lambda item: (order.index(item[0][0]), item[0][2]))


def _key(arm: Arm) -> Key:
    return arm.task, arm.label, arm.role != "treatment"


def _point(layer: int, trial: Trial, design: Design, table: ScoreTable) -> Point | None:
    found = table.find(trial)
    if found is None:
        return None
    targets = design.targets_of.get(trial.arm.task, design.targets)
    segments = [
        s
        for s in found.record.content.segments
        if s.split == "test" and s.language in targets and not is_pair(s.language)
    ]
    if not segments:
        return None
    scores = [found.scores[s.checkpoint, s.language] for s in segments]
    half = _QUANTILE * standard_error(found.record, segments)
    mean = float(np.mean(scores))
    return Point(layer=layer, value=mean, low=mean - half, high=mean + half)


def standard_error(record: Record, segments: Iterable[Segment]) -> float:
    """Of the mean score of some segments, over sentences of one meaning as clusters, in points."""
    parts = list(segments)
    changes = [
        influence(record.content.metric, record.statistics[s.start : s.stop]) / len(parts)
        for s in parts
    ]
    clusters = np.concatenate([record.clusters[s.start : s.stop] for s in parts])
    names, index = np.unique(clusters, return_inverse=True)
    sums = by_cluster(np.concatenate(changes), index, len(names))
    n = len(names)
    return float(np.sqrt((sums**2).sum() * n / max(n - 1, 1)))

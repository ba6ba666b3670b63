"""Scores of arms that differ in their data, on code-switched test sets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from reproduce.nouns.record import Record
from reproduce.report.codeswitch_view import CurvePoint, DataArm, Mean
from reproduce.statistics.exchange import worth
from reproduce.statistics.scores import score, segment_sums

Key = tuple[str, str]
"""(group, arm)."""

Scores = dict[int, dict[str, float]]
"""Unit -> test set (`ava--kyr@switch`) -> score in percent."""

GROUPS = {
    "labelled": "fine-tuned on",
    "unlabelled": "pretraining continued on, then fine-tuned on real data",
}
_REFERENCE = {"labelled": "source", "unlabelled": "nothing"}
_CURVE = re.compile(r"real-(\d+)(\+synthetic)?")


def scores_of(by_unit: Mapping[int, Record]) -> Scores:
    """The scores of one arm."""
    return {unit: _test_scores(record) for unit, record in sorted(by_unit.items())}


def _test_scores(record: Record) -> dict[str, float]:
    segments = [s for s in record.content.segments if s.split == "test"]
    starts, stops = [s.start for s in segments], [s.stop for s in segments]
    values = score(record.content.metric, segment_sums(record.statistics, starts, stops))
    pairs = zip(segments, values, strict=True)
    return {s.language: float(v) for s, v in pairs if np.isfinite(v)}


def tests_of(scores: Mapping[Key, Scores]) -> list[str]:
    """The test sets that any arm has: words at a switch and others, scripts, then whole ones."""
    order = ("switch", "inside", "roman", "native")
    every = {name for units in scores.values() for tests in units.values() for name in tests}
    return sorted(every, key=lambda n: (_place(order, n.partition("@")[2]), n))


def _place(order: Sequence[str], name: str) -> int:
    return order.index(name) if name in order else len(order)


def _mean(values: Sequence[float]) -> Mean:
    from reproduce.statistics.paired import quantile, summarise

    found = summarise(values)
    if not found.testable:
        return Mean(value=found.mean, n=found.n)
    half = quantile(found.df, 0.975) * found.se
    return Mean(value=found.mean, low=found.mean - half, high=found.mean + half, n=found.n)


def paired(one: Scores, other: Scores, test: str) -> Mean | None:
    """How far one arm leads another on a test set, over the units that both have."""
    units = [u for u in one if u in other and test in one[u] and test in other[u]]
    return _mean([one[u][test] - other[u][test] for u in units]) if units else None


def arms_of(scores: Mapping[Key, Scores], pair: str, columns: Sequence[str]) -> Iterator[DataArm]:
    """The arms that differ in their data, each beside the one that its group starts from."""
    for (group, label), units in scores.items():
        if group not in GROUPS:
            continue
        reference = scores.get((group, _REFERENCE[group]))
        parts = {
            c.partition("@")[2]: _mean([tests[c] for tests in units.values() if c in tests])
            for c in columns
            if any(c in tests for tests in units.values())
        }
        yield DataArm(
            label=label,
            group=GROUPS[group],
            score=_mean([tests[pair] for tests in units.values()]),
            over=paired(units, reference, pair) if reference and units != reference else None,
            parts=parts,
        )


def curve_of(scores: Mapping[Key, Scores], pair: str, synthetic: int) -> Iterator[CurvePoint]:
    """What so many synthetic sentences add at each amount of real ones; empty without a curve."""
    found: dict[tuple[int, bool], Scores] = {}
    for (group, label), units in scores.items():
        match = _CURVE.fullmatch(label)
        if group == "curve" and match:
            found[int(match[1]), bool(match[2])] = units
    amounts = sorted(n for n, added in found if not added and (n, True) in found)
    shared = sorted(set.intersection(*(set(units) for units in found.values()))) if found else []
    if len(amounts) < 2 or not shared:
        return
    plain, added = (
        np.array([[found[n, with_][u][pair] for n in amounts] for u in shared])
        for with_ in (False, True)
    )
    scale = 1000 / synthetic
    for i, amount in enumerate(amounts):
        rate = worth(np.array(amounts, dtype=float), plain, added, at=i)
        yield CurvePoint(
            amount=amount,
            plain=_mean(list(plain[:, i])),
            added=_mean(list(added[:, i])),
            worth=Mean(
                value=scale * rate.value, low=scale * rate.low, high=scale * rate.high,
                n=len(shared),
            ),
            bounded=rate.bounded,
        )  # fmt: skip

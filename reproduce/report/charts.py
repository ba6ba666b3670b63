"""All drawings of a report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from reproduce.nouns.verdict import Estimate
from reproduce.report.curves import language_chart, language_spans, layer_chart
from reproduce.report.effects import effect_axis, effect_strip, range_of
from reproduce.report.exchange_chart import exchange_chart
from reproduce.report.probe_chart import probe_chart
from reproduce.report.svg import drawing_style
from reproduce.report.view import ClaimView, ReportView, TaskView


class Charts(NamedTuple):
    """SVG by scale, claim anchor, (anchor, task), and (anchor, task, language)."""

    axes: dict[str, str]  # scale of the estimates -> shared axis
    effects: dict[str, str]
    own_axes: dict[str, str]  # claim anchor -> axis of `estimates`
    estimates: dict[str, list[str]]  # one strip per estimate, empty where the scale differs
    layers: dict[tuple[str, str], str]
    languages: dict[tuple[str, str, str], str]
    probes: dict[str, str]  # claim anchor -> measures of the frozen encoder by layer
    exchange: dict[str, str]  # pair/task -> learning curves with and without synthetic data


_KEY = "KEY-OF-CHART"


class _Drawn(NamedTuple):
    """The drawings of one task, with `_KEY` where ids are to differ."""

    layers: str
    languages: list[str]


def draw(view: ReportView) -> Charts:
    """All drawings of a report; a task that several claims share is drawn once."""
    with drawing_style():
        return _draw(view)


def _draw(view: ReportView) -> Charts:
    ranges = _ranges(view.claims)
    charts = Charts({}, {}, {}, {}, {}, {}, {}, _exchange(view))
    drawn: dict[TaskView, _Drawn] = {}
    for scale, span in ranges.items():
        charts.axes[scale] = effect_axis(span)
    for claim in view.claims:
        if claim.effect is not None:
            charts.effects[claim.anchor] = effect_strip(
                claim.effect, ranges[claim.effect.scale], title=claim.claim.title
            )
            _draw_estimates(claim, claim.effect.scale, charts)
        if claim.probes:
            charts.probes[claim.anchor] = probe_chart(
                claim.probes, key=f"{claim.anchor}-probes", watermark=view.watermark
            )
        for n, task in enumerate(claim.curves):
            if task not in drawn:
                drawn[task] = _draw_task(task, watermark=view.watermark)
            key = f"{claim.anchor}-{n}"
            charts.layers[claim.anchor, task.task] = drawn[task].layers.replace(_KEY, key)
            for i, column in enumerate(task.columns):
                svg = drawn[task].languages[i].replace(_KEY, f"{key}-{i}")
                charts.languages[claim.anchor, task.task, column.code] = svg
    return charts


def _exchange(view: ReportView) -> dict[str, str]:
    pairs = view.code_switching.pairs if view.code_switching else ()
    return {
        f"{pair.pair}/{pair.task}": exchange_chart(
            pair, key=f"exchange-{n}", watermark=view.watermark
        )
        for n, pair in enumerate(pairs)
        if pair.curve
    }


def _draw_estimates(claim: ClaimView, scale: str, charts: Charts) -> None:
    every = claim.verdict.estimates if claim.verdict else ()
    span = range_of(e for e in every if e.scale == scale)
    charts.own_axes[claim.anchor] = effect_axis(span)
    charts.estimates[claim.anchor] = [
        effect_strip(e, span, title=e.name, height=24) if e.scale == scale else "" for e in every
    ]


def _draw_task(task: TaskView, *, watermark: str) -> _Drawn:
    limits = language_spans(task)
    return _Drawn(
        layers=layer_chart(task, key=_KEY, watermark=watermark),
        languages=[
            language_chart(task, i, key=_KEY, limits=limits[i]) for i in range(len(task.columns))
        ],
    )


def _ranges(claims: Iterable[ClaimView]) -> dict[str, tuple[float, float]]:
    effects: dict[str, list[Estimate]] = {}
    for claim in claims:
        if claim.effect is not None:
            effects.setdefault(claim.effect.scale, []).append(claim.effect)
    return {scale: range_of(shown) for scale, shown in effects.items()}

"""The drawings of a report: effects against expectations, and scores over fused layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from reproduce.nouns.verdict import Estimate
from reproduce.report.svg import PALETTE, drawing_style, new_figure, to_svg
from reproduce.report.text import interval, number, region, signed, visible
from reproduce.report.view import ArmRow, ClaimView, ReportView, Score, TaskView

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STRIP_WIDTH = 264
_PAD = 8  # pixels between the ends of a strip and its range
_SERIES = ("series-1", "series-2", "series-3", "series-4")
_LONGEST_LABEL = 22  # letters; a label stands in the margin
_LINE_HEIGHT = 13  # pixels between direct labels


class Charts(NamedTuple):
    """SVG by scale, claim anchor, (anchor, task), and (anchor, task, language)."""

    axes: dict[str, str]  # scale of the estimates -> shared axis
    effects: dict[str, str]
    own_axes: dict[str, str]  # claim anchor -> axis of `estimates`
    estimates: dict[str, list[str]]  # one strip per estimate, empty where the scale differs
    layers: dict[tuple[str, str], str]
    languages: dict[tuple[str, str, str], str]


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
    charts = Charts({}, {}, {}, {}, {}, {})
    drawn: dict[TaskView, _Drawn] = {}
    for scale, span in ranges.items():
        charts.axes[scale] = effect_axis(span)
    for claim in view.claims:
        if claim.effect is not None:
            charts.effects[claim.anchor] = effect_strip(
                claim.effect, ranges[claim.effect.scale], title=claim.claim.title
            )
            _draw_estimates(claim, claim.effect.scale, charts)
        for n, task in enumerate(claim.curves):
            if task not in drawn:
                drawn[task] = _draw_task(task, watermark=view.watermark)
            key = f"{claim.anchor}-{n}"
            charts.layers[claim.anchor, task.task] = drawn[task].layers.replace(_KEY, key)
            for i, column in enumerate(task.columns):
                svg = drawn[task].languages[i].replace(_KEY, f"{key}-{i}")
                charts.languages[claim.anchor, task.task, column.code] = svg
    return charts


def _draw_estimates(claim: ClaimView, scale: str, charts: Charts) -> None:
    every = claim.verdict.estimates if claim.verdict else ()
    span = _range(e for e in every if e.scale == scale)
    charts.own_axes[claim.anchor] = effect_axis(span)
    charts.estimates[claim.anchor] = [
        effect_strip(e, span, title=e.name, height=24) if e.scale == scale else "" for e in every
    ]


def _draw_task(task: TaskView, *, watermark: str) -> _Drawn:
    limits = _language_spans(task)
    return _Drawn(
        layers=layer_chart(task, key=_KEY, watermark=watermark),
        languages=[
            language_chart(task, i, key=_KEY, limits=limits[i]) for i in range(len(task.columns))
        ],
    )


# Effects against expectations


def _ranges(claims: Iterable[ClaimView]) -> dict[str, tuple[float, float]]:
    effects: dict[str, list[Estimate]] = {}
    for claim in claims:
        if claim.effect is not None:
            effects.setdefault(claim.effect.scale, []).append(claim.effect)
    return {scale: _range(shown) for scale, shown in effects.items()}


def _range(estimates: Iterable[Estimate]) -> tuple[float, float]:
    values = [0.0]
    for e in estimates:
        shown = (e.value, e.low, e.high, e.expected_low, e.expected_high)
        values.extend(v for v in shown if v is not None and isfinite(v))
    return _padded(min(values), max(values))


def _padded(low: float, high: float) -> tuple[float, float]:
    room = 0.12 * (high - low) or 1.0
    return low - room, high + room


def _strip_axes(figure: Figure, span: tuple[float, float]) -> Axes:
    left = _PAD / STRIP_WIDTH
    axes = figure.add_axes((left, 0, 1 - 2 * left, 1))
    axes.set_xlim(*span)
    axes.set_ylim(0, 1)
    axes.axis("off")
    return axes


def _ticks(span: tuple[float, float]) -> list[float]:
    from matplotlib.ticker import MaxNLocator

    found = MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]).tick_values(*span)
    return [float(t) for t in found if span[0] <= t <= span[1]]


def _tick_text(value: float, ticks: Sequence[float]) -> str:
    step = min((b - a for a, b in zip(ticks, ticks[1:], strict=False)), default=1.0)
    digits = 0 if step >= 1 and step == int(step) else 1 if step * 10 == int(step * 10) else 2
    return signed(value, digits)


def effect_axis(span: tuple[float, float]) -> str:
    """The axis above a column of effect strips; each strip says its numbers itself."""
    figure = new_figure(STRIP_WIDTH, 16)
    axes = _strip_axes(figure, span)
    ticks = _ticks(span)
    colour = PALETTE["muted"]
    for tick in ticks:
        told = _tick_text(tick, ticks)
        axes.text(tick, 0.15, told, ha="center", va="bottom", fontsize=11, color=colour)
    return to_svg(figure)


def effect_strip(
    effect: Estimate, span: tuple[float, float], *, title: str, height: int = 34
) -> str:
    """One estimate with its interval against the region in which the claim is true."""
    figure = new_figure(STRIP_WIDTH, height)
    axes = _strip_axes(figure, span)
    for tick in _ticks(span):
        _upright(axes, tick, color="rule", width=0.8)
    _draw_region(axes, effect, span)
    _upright(axes, 0, color="muted", width=0.9)
    low = span[0] if effect.low is None else effect.low
    high = span[1] if effect.high is None else effect.high
    if effect.low is not None or effect.high is not None:
        axes.plot([low, high], [0.5, 0.5], color=PALETTE["mark"], lw=2.2, clip_on=False)
    # A line without length and with round ends is a dot, without the ids that markers need.
    (dot,) = axes.plot([effect.value] * 2, [0.5, 0.5], color=PALETTE["mark"], lw=9, clip_on=False)
    dot.set_solid_capstyle("round")
    described = (
        f"{effect.name}: {signed(effect.value)}, {effect.level:.0%} interval "
        f"{interval(effect.low, effect.high)}; the claim is true "
        f"{region(effect.expected_low, effect.expected_high)}."
    )
    return to_svg(figure, title=title, description=described)


def _draw_region(axes: Axes, effect: Estimate, span: tuple[float, float]) -> None:
    if effect.expected_low is None and effect.expected_high is None:
        return
    low = span[0] if effect.expected_low is None else effect.expected_low
    high = span[1] if effect.expected_high is None else effect.expected_high
    axes.axvspan(low, high, color=PALETTE["expected"], alpha=0.16, lw=0, clip_on=False)
    for edge in (effect.expected_low, effect.expected_high):
        if edge is not None:
            _upright(axes, edge, color="expected", width=1.4)


def _upright(axes: Axes, place: float, *, color: str, width: float) -> None:
    axes.axvline(place, color=PALETTE[color], lw=width, solid_capstyle="butt", clip_on=False)


# Scores over fused layers


class _Line(NamedTuple):
    label: str
    colour: str
    dashed: bool
    points: list[tuple[int | None, Score]]  # layer None: the same at every layer


def _lines(arms: Sequence[ArmRow], scores: Mapping[str, Score | None]) -> list[_Line]:
    lines: dict[tuple[str, str], _Line] = {}
    for arm in arms:
        score = scores[arm.id]
        if score is None:
            continue
        key = (arm.role, arm.variant)
        if key not in lines:
            baseline = arm.role == "baseline"
            used = sum(not line.dashed for line in lines.values())
            colour = "baseline" if baseline else _SERIES[used % len(_SERIES)]
            lines[key] = _Line(_label(arm.variant), PALETTE[colour], baseline, [])
        lines[key].points.append((arm.layer, score))
    return list(lines.values())


def _label(text: str) -> str:
    plain = " ".join(visible(text).split())
    return plain if len(plain) <= _LONGEST_LABEL else f"{plain[: _LONGEST_LABEL - 1]}…"


def _extent(lines: Iterable[_Line]) -> tuple[float, float]:
    low, high = [], []
    for line in lines:
        for _, score in line.points:
            low.append(score.mean - (score.sd or 0))
            high.append(score.mean + (score.sd or 0))
    return (min(low), max(high)) if low else (0.0, 100.0)


def _draw_lines(axes: Axes, lines: Iterable[_Line], span: tuple[float, float]) -> None:
    for line in lines:
        points = line.points
        if len(points) == 1 and points[0][0] is None:
            xs: list[float] = [*span]
            points = points * 2
        else:
            xs = [float(layer or 0) for layer, _ in points]
        means = [score.mean for _, score in points]
        low = [score.mean - (score.sd or 0) for _, score in points]
        high = [score.mean + (score.sd or 0) for _, score in points]
        axes.fill_between(xs, low, high, color=line.colour, alpha=0.13, lw=0)
        (drawn,) = axes.plot(xs, means, color=line.colour, lw=2)
        if line.dashed:
            drawn.set(linestyle=(0, (5, 3)), linewidth=1.4)
        elif len(set(xs)) > 1:
            drawn.set(marker="o", markersize=4.5, markeredgewidth=0)


def _dress(axes: Axes, layers: Sequence[int], *, every: bool) -> None:
    from matplotlib.ticker import MaxNLocator

    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(PALETTE["rule"])
    axes.set_facecolor("none")
    axes.set_xlim(layers[0] - 0.4, layers[-1] + 0.4)
    axes.set_xticks(list(layers) if every else sorted({layers[0], layers[-1]}))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4 if every else 3, steps=[1, 2, 5, 10]))
    axes.grid(axis="y", color=PALETTE["rule"], lw=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, colors=PALETTE["muted"], labelsize=12, pad=4)


def _layers_of(task: TaskView) -> list[int]:
    return sorted({arm.layer for arm in task.arms if arm.layer is not None})


def _spread(heights: Sequence[float], gap: float) -> list[float]:
    """Heights moved apart to at least `gap`, in their order, as little as a sweep can."""
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    moved = list(heights)
    for before, after in zip(order, order[1:], strict=False):
        moved[after] = max(moved[after], moved[before] + gap)
    excess = sum(m - h for m, h in zip(moved, heights, strict=True)) / max(len(moved), 1)
    return [m - excess for m in moved]


def _end_label(line: _Line) -> str:
    layer, score = line.points[-1]
    return f"{line.label} {number(score.mean)}" if layer is None else line.label


def _label_room(lines: Iterable[_Line]) -> float:
    return 16 + 6.6 * max((len(_end_label(line)) for line in lines), default=0)


def _label_lines(axes: Axes, lines: Sequence[_Line], *, height: float) -> None:
    bottom, top = axes.get_ylim()
    ends = [line.points[-1][1].mean for line in lines]
    places = _spread(ends, (top - bottom) * _LINE_HEIGHT / height)
    for line, place in zip(lines, places, strict=True):
        axes.annotate(
            _end_label(line),
            (axes.get_xlim()[1], place),
            xytext=(6, 0),
            textcoords="offset points",
            color=line.colour,
            fontsize=12.5,
            va="center",
            annotation_clip=False,
            parse_math=False,
        )


def layer_chart(task: TaskView, *, key: str, watermark: str = "") -> str:
    """Source language above, mean of the targets below, on one scale per pixel."""
    width, height = 420, 316
    layers = _layers_of(task)
    source = next((i for i, column in enumerate(task.columns) if column.source), None)
    panels = [("Mean of the target languages", _lines(task.arms, _targets(task)))]
    if source is not None:
        name = f"Source language, {task.columns[source].code}"
        panels.insert(0, (name, _lines(task.arms, _language(task, source))))
    extents = [_extent(lines) for _, lines in panels]
    span = 1.2 * max(high - low for low, high in extents) or 1.0
    right = _label_room(line for _, lines in panels for line in lines)
    figure = new_figure(width, height)
    tall = (height - 36 - 30 * len(panels)) / len(panels)
    for n, ((name, lines), (low, high)) in enumerate(zip(panels, extents, strict=True)):
        bottom = height - (n + 1) * (tall + 30)
        axes = figure.add_axes(
            (44 / width, bottom / height, (width - 44 - right) / width, tall / height)
        )
        _draw_lines(axes, lines, (layers[0] - 0.4, layers[-1] + 0.4))
        _dress(axes, layers, every=True)
        axes.set_ylim((low + high - span) / 2, (low + high + span) / 2)
        axes.set_title(name, loc="left", fontsize=12.5, color=PALETTE["muted"], pad=7, x=-0.1)
        _label_lines(axes, lines, height=tall)
        if n + 1 < len(panels):
            axes.tick_params(labelbottom=False)
        else:
            axes.set_xlabel("fused layer", color=PALETTE["muted"], fontsize=12.5)
    if watermark:
        _stamp(figure, watermark)
    return to_svg(
        figure, key=key, title=f"{task.task}: score over fused layers", description=_describe(task)
    )


def language_chart(task: TaskView, index: int, *, key: str, limits: tuple[float, float]) -> str:
    """One language of a task: a small multiple without labels of its own."""
    width, height = 176, 104
    layers = _layers_of(task)
    lines = _lines(task.arms, _language(task, index))
    figure = new_figure(width, height)
    axes = figure.add_axes((32 / width, 20 / height, (width - 38) / width, (height - 26) / height))
    _draw_lines(axes, lines, (layers[0] - 0.4, layers[-1] + 0.4))
    _dress(axes, layers, every=False)
    axes.set_ylim(*limits)
    column = task.columns[index]
    described = "; ".join(
        f"{line.label} {number(line.points[0][1].mean)} to {number(line.points[-1][1].mean)}"
        for line in lines
    )
    return to_svg(figure, key=key, title=f"{task.task}, {column.name}", description=described)


def _language_spans(task: TaskView) -> list[tuple[float, float]]:
    extents = [_extent(_lines(task.arms, _language(task, i))) for i in range(len(task.columns))]
    span = 1.15 * max((high - low for low, high in extents), default=1.0) or 1.0
    return [((low + high - span) / 2, (low + high + span) / 2) for low, high in extents]


def _targets(task: TaskView) -> dict[str, Score | None]:
    return {arm.id: arm.targets for arm in task.arms}


def _language(task: TaskView, index: int) -> dict[str, Score | None]:
    return {arm.id: arm.scores[index] for arm in task.arms}


def _describe(task: TaskView) -> str:
    parts = []
    for arm in task.arms:
        if arm.targets is not None:
            parts.append(f"{arm.title} {number(arm.targets.mean)}")
    return f"Mean of the target languages, {task.metric}: " + ", ".join(parts) + "."


def _stamp(figure: Figure, watermark: str) -> None:
    figure.text(
        0.45,
        0.5,
        _label(watermark.upper()),
        rotation=24,
        ha="center",
        va="center",
        fontsize=38,
        alpha=0.16,
        color=PALETTE["ink"],
        parse_math=False,
    )

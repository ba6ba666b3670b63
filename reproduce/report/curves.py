"""Curves of scores over fused layers: a chart per task, and small multiples per language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from reproduce.report.svg import PALETTE, new_figure, to_svg
from reproduce.report.text import number, visible
from reproduce.report.view import ArmRow, Score, TaskView

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SERIES = ("series-1", "series-2", "series-3", "series-4")
_LONGEST_LABEL = 22  # letters; a label stands in the margin
_LINE_HEIGHT = 13  # pixels between direct labels


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
            lines[key] = _Line(label(arm.variant), PALETTE[colour], baseline, [])
        lines[key].points.append((arm.layer, score))
    return list(lines.values())


def label(text: str, longest: int = _LONGEST_LABEL) -> str:
    """A name that fits into the margin."""
    plain = " ".join(visible(text).split())
    return plain if len(plain) <= longest else f"{plain[: longest - 1]}…"


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


def dress(axes: Axes, layers: Sequence[int], *, every: bool) -> None:
    """Layers across, few lines behind; every layer has its number, or the first and the last."""
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


def spread(heights: Sequence[float], gap: float) -> list[float]:
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


class EndLabel(NamedTuple):
    """What a line is called, where it ends."""

    text: str
    end: float  # in the units of the axis
    colour: str


def label_ends(axes: Axes, labels: Sequence[EndLabel], *, gap: float, height: float) -> None:
    """Name lines beside their ends, at least `gap` pixels apart on axes `height` pixels high."""
    bottom, top = axes.get_ylim()
    places = spread([item.end for item in labels], (top - bottom) * gap / height)
    for item, place in zip(labels, places, strict=True):
        axes.annotate(
            item.text,
            (axes.get_xlim()[1], place),
            xytext=(6, 0),
            textcoords="offset points",
            color=item.colour,
            fontsize=12.5,
            va="center",
            annotation_clip=False,
            parse_math=False,
        )


def _label_lines(axes: Axes, lines: Sequence[_Line], *, height: float) -> None:
    labels = [EndLabel(_end_label(x), x.points[-1][1].mean, x.colour) for x in lines]
    label_ends(axes, labels, gap=_LINE_HEIGHT, height=height)


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
        dress(axes, layers, every=True)
        axes.set_ylim((low + high - span) / 2, (low + high + span) / 2)
        axes.set_title(name, loc="left", fontsize=12.5, color=PALETTE["muted"], pad=7, x=-0.1)
        _label_lines(axes, lines, height=tall)
        if n + 1 < len(panels):
            axes.tick_params(labelbottom=False)
        else:
            axes.set_xlabel("fused layer", color=PALETTE["muted"], fontsize=12.5)
    if watermark:
        stamp(figure, watermark)
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
    dress(axes, layers, every=False)
    axes.set_ylim(*limits)
    column = task.columns[index]
    described = "; ".join(
        f"{line.label} {number(line.points[0][1].mean)} to {number(line.points[-1][1].mean)}"
        for line in lines
    )
    return to_svg(figure, key=key, title=f"{task.task}, {column.name}", description=described)


def language_spans(task: TaskView) -> list[tuple[float, float]]:
    """Limits of each language's chart: the same width for all, each around its own scores."""
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


def stamp(figure: Figure, watermark: str) -> None:
    """Write across a drawing that it is no evidence."""
    figure.text(
        0.45,
        0.5,
        label(watermark.upper()),
        rotation=24,
        ha="center",
        va="center",
        fontsize=38,
        alpha=0.16,
        color=PALETTE["ink"],
        parse_math=False,
    )

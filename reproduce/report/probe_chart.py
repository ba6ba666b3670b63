"""Several measures of a frozen encoder over its layers, on one axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from reproduce.report.curves import EndLabel, dress, label, label_ends, stamp
from reproduce.report.svg import PALETTE, new_figure, to_svg
from reproduce.report.text import number
from reproduce.report.view import Curve

_SERIES = tuple(name for name in PALETTE if name.startswith("series-"))
_WIDTH, _HEIGHT = 680, 330
_LEFT, _TOP, _BOTTOM = 40, 14, 40  # pixels around the axes
_LETTER = 6.9  # pixels of a letter of a label
_LINE = 15  # pixels between labels
_LONGEST = 32  # letters


class _Style(NamedTuple):
    colour: str
    dashed: bool


def _styles(curves: Sequence[Curve]) -> list[_Style]:
    """A colour for each measure; its control has the same one, dashed."""
    colours: dict[str, str] = {}
    styles = []
    for curve in curves:
        measure = curve.name.partition(",")[0]
        colours.setdefault(measure, PALETTE[_SERIES[len(colours) % len(_SERIES)]])
        styles.append(_Style(colours[measure], curve.control))
    return styles


def probe_chart(curves: Sequence[Curve], *, key: str, watermark: str = "") -> str:
    """Lines with their intervals; each is named where it ends."""
    from matplotlib.ticker import MaxNLocator

    names = [label(curve.name.replace("_", " "), _LONGEST) for curve in curves]
    right = 14 + _LETTER * max(len(name) for name in names)
    figure = new_figure(_WIDTH, _HEIGHT)
    tall = _HEIGHT - _TOP - _BOTTOM
    axes = figure.add_axes(
        (_LEFT / _WIDTH, _BOTTOM / _HEIGHT, (_WIDTH - _LEFT - right) / _WIDTH, tall / _HEIGHT)
    )
    styles = _styles(curves)
    for curve, style in zip(curves, styles, strict=True):
        layers = [point.layer for point in curve.points]
        low, high = [p.low for p in curve.points], [p.high for p in curve.points]
        axes.fill_between(layers, low, high, color=style.colour, alpha=0.15, lw=0)
        (line,) = axes.plot(layers, [p.value for p in curve.points], color=style.colour, lw=2)
        if style.dashed:
            line.set(linestyle=(0, (5, 3)), linewidth=1.3)
        else:
            line.set(marker="o", markersize=4.5, markeredgewidth=0)
    every = sorted({point.layer for curve in curves for point in curve.points})
    dress(axes, every, every=True)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 2.5, 5, 10]))
    axes.set_xlabel("layer", color=PALETTE["muted"], fontsize=12.5)
    bottom, top = axes.get_ylim()
    axes.set_ylim(max(bottom, -2), min(top, 102))
    labels = [
        EndLabel(name, curve.points[-1].value, style.colour)
        for name, curve, style in zip(names, curves, styles, strict=True)
    ]
    label_ends(axes, labels, gap=_LINE, height=tall)
    if watermark:
        stamp(figure, watermark)
    return to_svg(figure, key=key, title="Measures of each layer", description=_describe(curves))


def _describe(curves: Sequence[Curve]) -> str:
    return "; ".join(
        f"{curve.name}: " + ", ".join(f"layer {p.layer} {number(p.value)}" for p in curve.points)
        for curve in curves
    )

"""Strips that draw estimates against the region in which a claim is true."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite
from typing import TYPE_CHECKING

from reproduce.nouns.verdict import Estimate
from reproduce.report.svg import PALETTE, new_figure, to_svg
from reproduce.report.text import interval, region, signed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STRIP_WIDTH = 264
_PAD = 8  # pixels between the ends of a strip and its range


def range_of(estimates: Iterable[Estimate]) -> tuple[float, float]:
    """Ends of an axis that holds zero, the estimates, their intervals and their edges."""
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

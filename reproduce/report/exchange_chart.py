"""Learning curves with and without synthetic data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reproduce.report.codeswitch_view import Mean, PairView
from reproduce.report.curves import stamp
from reproduce.report.svg import PALETTE, new_figure, to_svg
from reproduce.report.text import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH, _HEIGHT = 620, 260


def exchange_chart(pair: PairView, *, key: str, watermark: str = "") -> str:
    """Score over the number of real sentences; bars are intervals over seeds."""
    figure = new_figure(_WIDTH, _HEIGHT)
    axes = figure.add_axes((0.08, 0.18, 0.66, 0.76))
    amounts = [point.amount for point in pair.curve]
    lines = (
        ("without synthetic", "baseline", [p.plain for p in pair.curve]),
        (f"with {pair.synthetic} synthetic", "series-1", [p.added for p in pair.curve]),
    )
    for label, colour, means in lines:
        _draw(axes, amounts, means, PALETTE[colour])
        axes.annotate(
            label, (amounts[-1], means[-1].value), xytext=(10, 0), textcoords="offset points",
            va="center", color=PALETTE[colour], annotation_clip=False,
        )  # fmt: skip
    axes.set_xticks(amounts)
    axes.set_xlabel("real sentences", color=PALETTE["muted"])
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["bottom", "left"]].set_color(PALETTE["rule"])
    axes.tick_params(colors=PALETTE["muted"], length=0)
    if watermark:
        stamp(figure, watermark)
    described = "; ".join(
        f"{label} {number(means[0].value)} to {number(means[-1].value)}"
        for label, _, means in lines
    )
    title = f"{pair.pair}, {pair.task}: score over the number of real sentences"
    return to_svg(figure, key=key, title=title, description=described)


def _draw(axes: Axes, amounts: Sequence[int], means: Sequence[Mean], colour: str) -> None:
    axes.plot(amounts, [m.value for m in means], color=colour, linewidth=2, marker="o", ms=4)
    for amount, mean in zip(amounts, means, strict=True):
        if mean.low is not None and mean.high is not None:
            axes.plot([amount, amount], [mean.low, mean.high], color=colour, linewidth=1.2)

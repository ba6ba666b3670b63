"""Small, deterministic SVG out of matplotlib, coloured by the page's style sheet."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any

from reproduce.report.text import visible

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# matplotlib draws in these colours; the page gives each a value for light and for dark.
PALETTE = {
    "ink": "#000001",
    "muted": "#000002",
    "rule": "#000003",
    "expected": "#000004",
    "mark": "#000005",
    "baseline": "#000006",
    "series-1": "#000007",
    "series-2": "#000008",
    "series-3": "#000009",
    "series-4": "#00000a",
    "series-5": "#00000b",
    "series-6": "#00000c",
}
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",  # text stays text: it can be read, searched and scaled
    "svg.hashsalt": "reproduce",
    "font.family": ["DejaVu Sans"],  # comes with matplotlib, so layout is the same everywhere
    "font.size": 11,
    "axes.unicode_minus": True,
    "path.simplify": False,
}
_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


@contextmanager
def drawing_style() -> Iterator[None]:
    """Draw in matplotlib's default style and ours, whatever a matplotlibrc says."""
    from matplotlib import rc_context, rcdefaults, rcParams

    with rc_context(), warnings.catch_warnings():
        # Text stays text, so it is the reader's fonts that have to have the glyphs.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        rcdefaults()
        rcParams.update(_STYLE)
        yield


def new_figure(width: float, height: float) -> Figure:
    """An empty transparent figure; sizes in CSS pixels."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width / 72, height / 72), dpi=72, facecolor="none")


def to_svg(figure: Figure, *, title: str = "", description: str = "", key: str = "") -> str:
    """One `<svg>` element for a page, hidden from screen readers where it has no title.

    `key` makes its ids unique on the page; what has no key must not need ids.
    """
    buffer = BytesIO()
    figure.savefig(buffer, format="svg", metadata=_METADATA, transparent=True)
    text = buffer.getvalue().decode()
    box = re.search(r'viewBox="([^"]+)"', text)
    assert box is not None
    width, height = box.group(1).split()[2:]
    body = _compact(text[text.index("<g id=") : text.rindex("</svg>")])
    body = re.sub(r'(id="|#)(?=[mp][0-9a-f]{10}")', rf"\g<1>{key}-", body)
    body = re.sub(r"url\(#(?=[mp][0-9a-f]{10}\))", f"url(#{key}-", body)
    for name, colour in PALETTE.items():
        body = body.replace(colour, f"var(--{name})")
    role = 'role="img"' if title else 'aria-hidden="true"'
    named = f"<title>{escape(visible(title))}</title>" if title else ""
    described = f"<desc>{escape(visible(description))}</desc>" if description else ""
    return (
        f'<svg class="chart" {role} width="{width}" height="{height}" viewBox="{box.group(1)}">'
        f"{named}{described}{body}</svg>"
    )


def _compact(body: str) -> str:
    body = re.sub(r"<!--.*?-->", "", body, flags=re.DOTALL)
    body = re.sub(r' id="(?![mp][0-9a-f]{10}")[^"]*"', "", body)
    body = re.sub(r' transform="rotate\(-?0 [^"]*\)"', "", body)
    body = re.sub(r"font-family: [^;\"]*;? ?", "", body)
    body = body.replace("xlink:href", "href")
    body = re.sub(
        r"-?\d+\.\d{3,}", lambda m: f"{float(m.group()):.2f}".rstrip("0").rstrip("."), body
    )
    body = re.sub(r"\s*\n\s*", " ", body)
    return re.sub(r">\s+<", "><", body).strip()

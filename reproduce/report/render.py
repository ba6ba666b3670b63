"""Writes a report's view as HTML, Markdown or JSON."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from reproduce.report import text
from reproduce.report.charts import draw
from reproduce.report.content_security import content_security_policy
from reproduce.report.glossary import GLOSSARY, HOW_TO_READ
from reproduce.report.own_templates import check_folder, sandboxed, told
from reproduce.report.view import ReportView
from reproduce.resources import shipped

if TYPE_CHECKING:
    from jinja2 import Environment

_FILTERS: dict[str, Callable[..., object]] = {
    "number": text.number,
    "signed": text.signed,
    "interval": lambda e, digits=2: text.interval(e.low, e.high, digits),
    "region": lambda e: text.region(e.expected_low, e.expected_high),
    "probability": text.probability,
    "percent": text.percent,
    "duration": text.duration,
    "moment": text.moment,
    "plural": text.plural,
    "words": text.words,
}


def to_html(view: ReportView, templates: Path | None = None) -> str:
    """One self-contained page: no script, nothing loaded from anywhere.

    Args:
        view: what is shown.
        templates: a folder of a user's own, which come before the shipped ones; see `sandboxed`.

    Raises:
        UserError: a template of the user's is wrong, or wants what the sandbox forbids.
    """
    with told(templates):
        return _to_html(view, templates)


def _to_html(view: ReportView, templates: Path | None) -> str:
    from markupsafe import Markup

    environment = _environment(templates, autoescape=True, finalize=_visible_to_html)
    environment.filters["svg"] = Markup
    style = (shipped("templates") / "report.css").read_text(encoding="utf-8")
    page = environment.get_template("report.html.j2").render(
        view=view,
        charts=draw(view),
        style=Markup(style),
        policy=content_security_policy(styles=[style]),
        glossary=GLOSSARY,
        how_to_read=HOW_TO_READ,
    )
    return page


def to_markdown(view: ReportView, templates: Path | None = None) -> str:
    """A summary with the table first, for issues, pull requests and terminals; see `to_html`."""
    with told(templates):
        environment = _environment(templates, autoescape=False, finalize=_visible_to_markdown)
        environment.filters["code"] = _code
        page = environment.get_template("report.md.j2").render(view=view, glossary=GLOSSARY)
    return re.sub(r"\n{3,}", "\n\n", page).strip() + "\n"


def to_json(view: ReportView) -> str:
    """The whole view; `ReportView.model_validate_json` gives it back."""
    return view.model_dump_json(indent=1) + "\n"


def _environment(
    templates: Path | None, *, autoescape: bool, finalize: Callable[[object], object]
) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folders = [shipped("templates")]
    kind: type[Environment] = Environment
    if templates is not None:
        folders, kind = [check_folder(templates), *folders], sandboxed()
    environment = kind(
        loader=FileSystemLoader(folders, encoding="utf-8"),
        autoescape=autoescape,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(_FILTERS)
    return environment


def _visible_to_html(value: object) -> object:
    # Jinja escapes after this; what is already markup comes from our own charts and styles.
    return (
        text.visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value
    )


class _Written(str):
    """Markdown that is meant as Markdown."""


def _visible_to_markdown(value: object) -> object:
    if isinstance(value, _Written) or not isinstance(value, str):
        return value
    plain = " ".join(text.visible(value).split())
    plain = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_\[\]|~#!])", r"\\\1", plain)


def _code(value: str) -> _Written:
    """Text as inline code, with a fence longer than any run of backticks in it."""
    plain = " ".join(text.visible(value).split())
    longest = max((len(run) for run in re.findall(r"`+", plain)), default=0)
    fence = "`" * (longest + 1)
    room = " " if "`" in plain else ""
    return _Written(f"{fence}{room}{plain}{room}{fence}")

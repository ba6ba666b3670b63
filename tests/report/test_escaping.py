from __future__ import annotations

import re
from typing import NamedTuple

import pytest

from reproduce.nouns.record import Record
from reproduce.nouns.run import Run
from reproduce.report import build_view, to_html, to_markdown
from reproduce.report.text import visible
from tests.report.factory import LANGUAGES
from tests.report.page import Page

Small = tuple[Run, dict[str, Record]]

HOSTILE = {
    "script": "</p><script>alert(1)</script>",
    "event handler": '" onmouseover="alert(1)" x="',
    "single quotes": "' onfocus='alert(1)' autofocus='",
    "link": '<a href="javascript:alert(1)">x</a>',
    "picture": "<img src=x onerror=alert(1)>",
    "svg": "<svg onload=alert(1)><title></svg>",
    "comment": "<!-- --><!--",
    "style": "</style><style>*{display:none}</style>",
    "template": "{{ 7 * 7 }}{% include 'x' %}",
    "mathematics": "$\\frac{1}{0}$ $x$",
    "direction": "\u202egnp.exe\u202c\u2066x\u2069",
    "invisible": "a\u200bb\u00adc\ufeffd\U000e0041",
    "control": "a\x00b\x1b[31mc\x7f\x85",
    "marks": "Z" + "\u0336\u0301" * 40,
}

# Names, codes and digests have patterns of their own; all else in a run is free text.
_FREE = {
    *("title", "quote", "confidence", "justification", "assumptions", "notes", "deviations"),
    *("by_construction", "reason", "why_undecided", "text", "command", "note", "error", "label"),
    *("traceback", "scale", "signature", "unit", "inference", "file", "commit", "python", "method"),
    *("platform", "processor", "gpus", "dtype", "records", "changes", "reproduce", "fusion"),
    *("against", "family", "watermark"),
}
_LISTS = {"estimates", "selection", "sensitivity", *LANGUAGES}  # whose items have free names
_MAPS = {"packages", "model", "unavailable", "frequencies"}  # whose keys are free, too


def poisoned(value: object, hostile: str, key: str = "", within: str = "") -> object:
    """The value with every free text replaced."""
    if isinstance(value, dict):
        return {
            hostile if {key, within} & _MAPS else k: poisoned(v, hostile, k, key)
            for k, v in value.items()
        }
    if isinstance(value, list):
        return [poisoned(item, hostile, key, within) for item in value]
    free = key in _FREE or within in _MAPS or (within in _LISTS and key in {"name", "note"})
    if key == "source" and within == "variance":
        free = True
    return hostile if free and isinstance(value, str) else value


class Attacked(NamedTuple):
    hostile: str
    html: str
    markdown: str


def attack(run: Run, hostile: str) -> Run:
    content = run.model_dump(mode="json")
    for planned in content["claims"]:
        kept = {key: planned["claim"][key] for key in ("unit", "inference", "family")}
        planned["claim"] |= poisoned(planned["claim"], hostile)  # type: ignore[operator]
        planned["claim"] |= kept
        planned["file"] = hostile
        planned["design"]["unavailable"] = {hostile: hostile}
        for trial in planned["design"]["trials"]:
            # The records are found by their cells, so these stay as they are.
            trial["arm"]["label"] = hostile if trial["arm"]["role"] == "treatment" else ""
    for field in ("setting", "failures", "verdicts", "provenance", "model"):
        content[field] = poisoned(content[field], hostile, field)
    for field in ("id", "command", "executor", "started", "watermark"):
        content[field] = hostile
    content["overrides"] = [hostile]
    return Run.model_validate(content)


@pytest.fixture(scope="module", params=sorted(HOSTILE))
def attacked(small: Small, request: pytest.FixtureRequest) -> Attacked:
    hostile = HOSTILE[str(request.param)]
    view = build_view(attack(small[0], hostile), small[1])
    return Attacked(hostile, to_html(view), to_markdown(view))


def test_hostile_text_makes_no_element_and_no_attribute(attacked: Attacked, page: Page) -> None:
    found = Page(attacked.html).elements
    assert {e.tag for e in found} <= {e.tag for e in page.elements}
    names = {name for e in page.elements for name in e.attributes}
    assert {name for e in found for name in e.attributes} <= names | {"transform"}
    assert {e.attributes["href"][0] for e in found if "href" in e.attributes} == {"#"}


def test_hostile_text_is_shown_as_it_is(attacked: Attacked) -> None:
    expected = " ".join(visible(attacked.hostile).split())
    section = Page(attacked.html).by_id("claim-best-layer")
    assert section.text.count(expected) >= 15


def test_hostile_text_leaves_no_hidden_characters(attacked: Attacked) -> None:
    hidden = "\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b\u202a-\u202e\u2060-\u2069\ufeff"
    assert re.search(f"[{hidden}]", attacked.html + attacked.markdown) is None


def test_hostile_text_stays_text_in_markdown(attacked: Attacked) -> None:
    outside_code = re.sub(r"(`+).*?\1", "", attacked.markdown)
    assert "<" not in outside_code
    assert re.search(r"(?<!\\)\]\(", outside_code) is None

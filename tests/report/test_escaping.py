from __future__ import annotations

import re

import pytest

from reproduce.nouns.record import Record
from reproduce.nouns.run import Run
from reproduce.report import ReportView, build_view, to_html, to_markdown
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
    "title", "quote", "confidence", "justification", "assumptions", "notes", "deviations",
    "by_construction", "reason", "why_undecided", "text", "command", "note", "error", "traceback",
    "label", "scale", "signature", "unit", "inference", "source_name", "started", "executor",
    "overrides", "file", "commit", "python", "platform", "processor", "gpus", "dtype", "records",
    "criterion", "cell", "family_name",
}  # fmt: skip
_STRUCTURE = {"cell"}  # of a trial: an identity, and an object anyway


def poisoned(value: object, hostile: str, key: str = "", within: str = "") -> object:
    """The value with every free text replaced."""
    if isinstance(value, dict):
        keys = {"packages", "model", "unavailable"}
        return {
            (hostile if key in keys else k): poisoned(v, hostile, k, key) for k, v in value.items()
        }
    if isinstance(value, list | tuple):
        return [poisoned(item, hostile, key, within) for item in value]
    names = key == "name" and within in {"estimates", "selection", "sensitivity"}
    language = within in {"sora", "tavi", "ruka", "meko", "noru", "palu", "gheva", "hilo", "zemi"}
    environment = within in {"packages", "model", "unavailable"}
    free = key in _FREE and within not in {"claim"} or key in {"title", "notes", "justification"}
    if isinstance(value, str) and (free or names or language or environment):
        return hostile
    return value


@pytest.fixture(params=sorted(HOSTILE))
def hostile(request: pytest.FixtureRequest) -> str:
    return HOSTILE[str(request.param)]


@pytest.fixture
def attacked(small: Small, hostile: str) -> ReportView:
    run, records = small
    content = run.model_dump(mode="json")
    for planned in content["claims"]:
        # The records are found by the cells, so these keep their identity.
        trials = planned["design"].pop("trials")
        planned["design"]["unavailable"] = {hostile: hostile}
        for field, value in poisoned({"claim": planned["claim"]}, hostile).items():  # type: ignore[attr-defined]
            planned[field] = value
        planned["claim"] |= {"unit": "seed", "inference": "this-test-set"}
        planned["file"] = hostile
        planned["design"]["trials"] = [
            {**t, "arm": {**t["arm"], "label": hostile if t["arm"]["role"] == "treatment" else ""}}
            for t in trials
        ]
    for field in ("setting", "failures", "verdicts", "provenance", "model"):
        content[field] = poisoned({field: content[field]}, hostile)[field]  # type: ignore[index]
    content["id"] = content["command"] = content["executor"] = content["started"] = hostile
    content["overrides"] = [hostile]
    return build_view(Run.model_validate(content), records)


def test_hostile_text_makes_no_element_and_no_attribute(
    attacked: ReportView, hostile: str, page: Page
) -> None:
    found = Page(to_html(attacked))
    tags = {e.tag for e in found.elements}
    attributes = {name for e in found.elements for name in e.attributes}
    assert tags <= {e.tag for e in page.elements}
    assert attributes <= {name for e in page.elements for name in e.attributes}
    assert all(
        e.attributes["href"].startswith("#") for e in found.elements if "href" in e.attributes
    )


def test_hostile_text_is_shown_as_it_is(attacked: ReportView, hostile: str) -> None:
    from reproduce.report.text import visible

    found = Page(to_html(attacked))
    expected = " ".join(visible(hostile).split())
    assert found.by_id("claim-best-layer").text.count(expected) >= 15


def test_hostile_text_leaves_no_hidden_characters(attacked: ReportView) -> None:
    hidden = re.compile(
        "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b\u202a-\u202e\u2060-\u2069\ufeff]"
    )
    assert hidden.search(to_html(attacked)) is None
    assert hidden.search(to_markdown(attacked)) is None


def test_hostile_text_stays_text_in_markdown(attacked: ReportView) -> None:
    written = to_markdown(attacked)
    outside_code = re.sub(r"(`+).*?\1", "", written)
    assert "<" not in outside_code
    assert re.search(r"(?<!\\)\]\(", outside_code) is None

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from hashlib import sha256

import pytest

from reproduce.nouns.evidence import Evidence, Outcome
from reproduce.nouns.record import Record
from reproduce.nouns.run import Run
from reproduce.report import ReportView, build_view, to_html
from tests.report.page import Page

Small = tuple[Run, dict[str, Record]]


def test_every_claim_has_a_row_and_a_section(page: Page, view: ReportView) -> None:
    for claim in view.claims:
        assert claim.claim.title in page.by_id(f"row-{claim.claim.id}").text
        assert claim.claim.title in page.by_id(claim.anchor).text


def test_outcomes_are_counted_apart_each_with_word_symbol_and_colour(page: Page) -> None:
    counts, _ = page.all("ul", klass="counts")
    told = [(e.text, e.classes) for e in page.all("li", inside=counts)]
    assert told == [
        ("1✗refuted", ["o-refuted"]),
        ("1?inconclusive", ["o-inconclusive"]),
        ("1–not applicable at this evidence level", ["o-inapplicable"]),
    ]


def test_contracts_are_counted_apart_from_findings(small: Small) -> None:
    run, records = small
    changed = run.verdicts[1].model_copy(update={"outcome": Outcome.CONFORMS})
    run = run.model_copy(update={"verdicts": (run.verdicts[0], changed, *run.verdicts[2:])})
    page = Page(to_html(build_view(run, records)))
    findings, contracts, _ = page.all("ul", klass="counts")
    assert "conforms" not in findings.text
    assert contracts.text == "1≡conforms"


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("passed", "1✓as required"),
        ("failed", "1✗not as required"),
        ("undecided", "1?not shown"),
        ("", "1✓supported"),
    ],
)
def test_controls_are_counted_by_whether_they_are_as_they_must_be(
    small: Small, state: str, told: str
) -> None:
    run, records = small
    changed = run.verdicts[2].model_copy(update={"control": state})
    run = run.model_copy(update={"verdicts": (*run.verdicts[:2], changed, run.verdicts[3])})
    _, controls = Page(to_html(build_view(run, records))).all("ul", klass="counts")
    assert controls.text == told


@pytest.mark.parametrize(
    ("claim", "answer"),
    [
        ("best-layer", "undecided — in simulation"),
        ("pos-gain", "no — in simulation"),
        ("baseline-itself", "–"),
        ("xnli-printed", "–"),
    ],
)
def test_the_plain_column_says_on_which_level_the_answer_rests(
    page: Page, claim: str, answer: str
) -> None:
    (cell,) = page.all("td", inside=page.by_id(f"row-{claim}"), klass="answer-cell")
    assert cell.text == answer


def test_nothing_simulated_is_called_reproduced(html: str) -> None:
    assert "REPRODUCED" not in html


def test_a_replication_is_called_reproduced(small: Small) -> None:
    run, records = small
    found = {"evidence": Evidence.REPLICATION}
    verdicts = tuple(v.model_copy(update=found) for v in run.verdicts)
    held = verdicts[0].model_copy(update={"outcome": Outcome.SUPPORTED})
    verdicts = (held, *verdicts[1:])
    page = Page(to_html(build_view(run.model_copy(update={"verdicts": verdicts}), records)))
    assert "NOT REPRODUCED" in page.by_id("claim-pos-gain").text
    assert "yes — replication" in page.by_id("row-best-layer").text


def test_the_overview_says_what_is_undecided_why_and_what_would_settle_it(page: Page) -> None:
    (questions,) = page.all("ul", klass="open-questions")
    assert questions.text == (
        "The four tasks have different best fusion layers Underpowered. 4 more seeds per arm "
        "would decide it with a probability of 80 %. The command below takes about 6 min. "
        "reproduce extend best-layer"
    )


def test_the_evidence_level_stands_with_its_meaning(page: Page) -> None:
    (level,) = page.all("p", klass="level")
    assert level.text == "Simulated"
    assert "small generated world" in level.parents[-1].text


@pytest.mark.parametrize(
    "text",
    [
        "The source's own confidence",
        "0.630",
        "holm, family of 3",
        "best-layer|t-paired|unit:seed|n:8|sent:300|holm:3|v:1",
        "fragile, without seed 3",
        "seed 71 %",
        "AIF's squeeze ratio is 4",
        "8 layers of 64 units instead of 12 of 768",
        "languages of one family share related words",
        "reproduce run claims/best_layer.yaml --setting world",
        "with changes that are not committed",
        "RuntimeError: an artificial failure",
        "1 of 12 planned cells left no record; 1 failed.",
    ],
)
def test_a_claim_shows(page: Page, text: str) -> None:
    section = page.by_id("claim-best-layer")
    assert text in section.text.replace("\N{NO-BREAK SPACE}", " ")


def test_other_ways_to_choose_are_named_oracle_and_optimistic(page: Page) -> None:
    text = page.by_id("claim-pos-gain").text
    assert "target development (oracle)" in text
    assert "test languages (optimistic)" in text


def test_fusion_variants_stand_side_by_side(page: Page) -> None:
    captions = [e for e in page.all("h3") if e.text == "Arms side by side"]
    assert [e.parents[-1].attributes["id"] for e in captions] == ["claim-pos-gain"]


def test_a_quote_that_is_cut_off_is_marked(small: Small) -> None:
    run, records = small
    planned = run.claims[0]
    source = planned.claim.source.model_copy(update={"truncated": True})
    claim = planned.claim.model_copy(update={"source": source})
    cut = planned.model_copy(update={"claim": claim})
    view = build_view(run.model_copy(update={"claims": (cut, *run.claims[1:])}), records)
    assert "[cut off in the source]" in Page(to_html(view)).by_id("claim-best-layer").text


def test_ids_are_unique_and_links_stay_on_the_page(page: Page) -> None:
    ids = Counter(e.attributes["id"] for e in page.elements if "id" in e.attributes)
    assert [name for name, count in ids.items() if count > 1] == []
    links = {e.attributes["href"] for e in page.elements if "href" in e.attributes}
    assert {link for link in links if link.removeprefix("#") not in ids} == set()


def test_nothing_is_loaded_from_anywhere(page: Page, html: str) -> None:
    tags = {e.tag for e in page.elements}
    assert tags.isdisjoint({"script", "link", "img", "iframe", "object", "embed", "form", "base"})
    assert "src" not in {name for e in page.elements for name in e.attributes}
    assert set(re.findall(r"url\((.)", html)) <= {"#"}
    assert "@import" not in html
    assert "http:" not in html and "https:" not in html


def test_the_content_security_policy_allows_our_own_style_alone(page: Page, html: str) -> None:
    (policy,) = [e for e in page.all("meta") if "http-equiv" in e.attributes]
    assert policy.attributes["http-equiv"] == "Content-Security-Policy"
    (style,) = re.findall("<style>(.*?)</style>", html, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert policy.attributes["content"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; style-src-attr 'unsafe-inline'; "
        "script-src 'none'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_every_chart_is_named_for_those_who_do_not_see_it(page: Page) -> None:
    for chart in page.all("svg"):
        if chart.attributes.get("aria-hidden") == "true":
            continue
        assert chart.attributes["role"] == "img"
        assert [bool(e.text) for e in page.all("title", inside=chart)] == [True]


def test_charts_take_their_colours_from_the_style_sheet(html: str) -> None:
    charts = "".join(re.findall(r"<svg.*?</svg>", html, flags=re.DOTALL))
    assert set(re.findall(r"(?:fill|stroke): ([^;\"]+)", charts)) - {"none"} == {
        f"var(--{name})"
        for name in ("ink", "muted", "rule", "expected", "mark", "baseline", "series-1", "series-2")
        if name != "ink"
    }


def test_the_same_input_gives_the_same_bytes(small: Small, html: str) -> None:
    assert to_html(build_view(*small)) == html


def test_a_matplotlibrc_changes_nothing(view: ReportView, html: str) -> None:
    from matplotlib import rc_context

    with rc_context({"lines.linewidth": 9, "svg.fonttype": "path", "axes.grid": True}):
        assert to_html(view) == html


def test_a_quick_run_cannot_pass_for_evidence(small: Small) -> None:
    run, records = small
    run = run.model_copy(update={"watermark": "not evidence"})
    page = Page(to_html(build_view(run, records)))
    (banner,) = page.all("div", klass="watermark")
    assert banner.text.startswith("Not evidence")
    (cell,) = page.all("td", inside=page.by_id("row-pos-gain"), klass="answer-cell")
    assert cell.text == "not evidence"
    assert page.all("title")[0].text.startswith("[not evidence]")
    charts = [e for e in page.all("text") if e.text == "NOT EVIDENCE"]
    assert len(charts) == 3  # one for each task, once where claims share its scores

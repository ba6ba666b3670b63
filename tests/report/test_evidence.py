"""What a report shows beside fusion sweeps: rows, audit, probes, matrices, gates and checks."""

from __future__ import annotations

import json

import numpy as np
import pytest

from reproduce.nouns.evidence import Outcome
from reproduce.nouns.record import Record
from reproduce.nouns.run import Run
from reproduce.report import ReportView, build_view, to_html, to_json, to_markdown
from reproduce.report.index import sentence
from reproduce.report.probes import standard_error
from reproduce.report.references import full, reference, references
from reproduce.report.view import ClaimView, Reference
from tests.report.evidence import evidence, shipped_book
from tests.report.factory import LANGUAGES
from tests.report.page import Page

Made = tuple[Run, dict[str, Record]]


@pytest.fixture(scope="module")
def made() -> Made:
    return evidence()


@pytest.fixture(scope="module")
def view(made: Made) -> ReportView:
    return build_view(*made, book=shipped_book())


@pytest.fixture(scope="module")
def page(view: ReportView) -> Page:
    return Page(to_html(view))


def claim(view: ReportView, name: str) -> ClaimView:
    return next(c for c in view.claims if c.claim.id == name)


# Rows of the document


def test_each_row_of_the_document_has_one_entry_in_order(view: ReportView) -> None:
    (index,) = view.index
    assert [row.row for row in index.rows] == [1, 7, 9, 13, 15]
    assert index.absent == (2, 3, 4, 5, 6, 8, 10, 11, 12, 14)


def test_a_row_says_its_outcome_with_the_measured_number(view: ReportView) -> None:
    said = {row.row: row.sentence for row in view.index[0].rows}
    assert said[1] == "In simulation the claim fails as worded: the effect is -11.2 points."
    assert said[9] == (
        "In simulation both claims that decide it hold (family-transfer +12.50 points, "
        "family-likeness +12.50 points)."
    )


def test_a_control_is_no_claim_of_a_row(view: ReportView) -> None:
    seventh = next(row for row in view.index[0].rows if row.row == 7)
    assert "claim-baseline-itself" not in [c.anchor for c in seventh.claims]


def test_what_says_nothing_of_a_row_has_the_exploratory_claim_beside_it(view: ReportView) -> None:
    vague = claim(view, "xnli-printed")
    measured = claim(view, "lower-layers")
    explored = measured.model_copy(
        update={"claim": measured.claim.model_copy(update={"role": "exploratory"})}
    )
    assert sentence([vague, explored]) == (
        "A number that a paper prints needs evidence of level replication. Beside it, in "
        "simulation: “Lower layers are more cross-lingual than upper ones” fails "
        "\N{MINUS SIGN}11.20 points."
    )


def test_a_run_of_one_row_has_no_index(made: Made) -> None:
    run, records = made
    run = run.model_copy(update={"claims": run.claims[:1], "verdicts": run.verdicts[:1]})
    assert build_view(run, records).index == ()


def test_the_index_stands_in_page_summary_and_data(view: ReportView, page: Page) -> None:
    row = view.index[0].rows[0]
    assert row.sentence in page.by_id("index-1").parents[-1].text
    assert "## Row by row" in to_markdown(view)
    assert json.loads(to_json(view))["index"][0]["rows"][0]["sentence"] == row.sentence


# Papers and audit


def test_papers_are_named_in_full_and_linked(page: Page) -> None:
    section = page.by_id("claim-lower-layers")
    assert "Beiduo Chen, Wu Guo, Quan Liu and Kun Tao, 2022" in section.text
    links = [e.attributes["href"] for e in page.all("a", inside=section)]
    assert "https://arxiv.org/abs/2205.08497" in links


def test_a_link_that_is_no_web_address_is_text() -> None:
    book = shipped_book()
    paper = book.papers.papers["chirkova-2023"]
    book.papers.papers["chirkova-2023"] = paper.model_copy(update={"link": "javascript:alert(1)"})
    made = reference("chirkova-2023", book)
    assert (made.link, made.href) == ("javascript:alert(1)", "")


def test_a_paper_without_a_book_is_its_id() -> None:
    assert full(reference("chen-2022-dlfa", None)) == "chen-2022-dlfa"
    assert references(None) == ()


def test_a_reference_reads_as_one_line() -> None:
    made = Reference(id="a", title="Is it so?", authors="A and B", year="2020", link="https://x.y")
    assert full(made) == "Is it so? A and B, 2020. https://x.y."


def test_the_audit_stands_by_paper_with_what_does_not_support_its_use(page: Page) -> None:
    section = page.by_id("audit").text
    assert "does not support" in section.lower()
    assert "mBART, mT5 and NLLB" in section
    assert "15 of 15 claims marked as verified" in section


def test_without_a_book_there_is_no_audit(made: Made) -> None:
    view = build_view(*made)
    assert view.audit is None
    assert "Audit of the sources" not in to_html(view)


# Probes


def test_measures_of_a_layer_become_curves_with_their_controls(view: ReportView) -> None:
    curves = claim(view, "lower-layers").probes
    assert [(c.name, c.control) for c in curves] == [
        ("retrieval", False),
        ("language_probe", False),
        ("pos_probe", False),
        ("pos_probe, control task", True),
        ("depth_probe", False),
        ("depth_probe, control task", True),
    ]
    assert [p.layer for p in curves[0].points] == list(range(1, 9))
    assert max(curves[0].points, key=lambda p: p.value).layer == 5


def test_a_curve_of_layers_is_no_curve_of_fused_layers(view: ReportView) -> None:
    assert claim(view, "lower-layers").curves == ()


def test_the_interval_is_that_of_a_mean_over_clusters(view: ReportView, made: Made) -> None:
    run, records = made
    record = next(r for r in records.values() if r.content.cell.task == "retrieval")
    segments = [s for s in record.content.segments if s.language != "sora"]
    # All rows have ten words, so a cluster's mean over languages is a plain mean.
    table = [record.statistics[s.start : s.stop, 0] * 10.0 for s in segments]
    means = np.mean(table, axis=0)
    expected = means.std(ddof=1) / np.sqrt(len(means))
    assert standard_error(record, segments) == pytest.approx(expected, rel=1e-9)


def test_all_measures_are_drawn_on_one_axis(page: Page) -> None:
    figures = page.all("figure", klass="wide")
    assert len(figures) == 1
    assert "pos probe, control task" in figures[0].text
    assert "retrieval: layer 1" in page.all("desc", inside=figures[0])[0].text


# Languages by languages


def test_transfer_is_a_matrix_ordered_by_family(view: ReportView) -> None:
    (matrix,) = claim(view, "family-transfer").matrices
    assert [h.code for h in matrix.rows] == list(LANGUAGES)
    assert [h.code for h in matrix.rows if h.first] == ["sora", "meko", "gheva"]
    diagonal = [matrix.values[i][i] or 0 for i in range(9)]
    assert min(diagonal) > 85
    assert matrix.within == pytest.approx(75, abs=2)
    assert matrix.across == pytest.approx(50, abs=2)


def test_likeness_is_symmetric_and_averaged_over_layers(view: ReportView) -> None:
    (matrix,) = claim(view, "family-likeness").matrices
    assert "mean over 2 layers" in matrix.title
    assert matrix.symmetric
    assert all(matrix.values[i][j] == matrix.values[j][i] for i in range(9) for j in range(9))
    assert matrix.values[0][0] is None
    assert claim(view, "family-likeness").tasks == ()


def test_a_sweep_of_one_source_language_is_no_matrix(view: ReportView) -> None:
    assert claim(view, "best-layer").matrices == ()


# Gates, checks, variants, shared scores


def test_gates_are_told_by_task_arm_and_class(view: ReportView) -> None:
    ner, pos = claim(view, "gate-differs").gates
    assert (ner.task, pos.task) == ("ner", "pos")
    assert ner.arms == ("dlfa@2", "dlfa@4", "dlfa@6")
    assert [row.name for row in ner.rows] == ["all", "name", "special"]
    bar = ner.rows[0].bars[0]
    assert bar is not None
    assert bar.mean == pytest.approx(0.455)
    assert bar.sd == pytest.approx(0.01 / np.sqrt(2))
    assert (bar.seeds, bar.tokens) == (2, 8 * 120)


def test_gates_stand_only_where_a_claim_is_about_them(view: ReportView) -> None:
    assert [c.claim.id for c in view.claims if c.gates] == ["gate-differs"]


def test_a_contract_is_a_checklist(page: Page) -> None:
    (found,) = page.all("ul", inside=page.by_id("claim-two-convolutions"), klass="checks")
    assert "Two convolutions in the module does not hold" in found.text
    assert "Two convolutions per branch holds" in found.text


def test_what_a_variant_has_by_construction_is_told_where_it_is_used(view: ReportView) -> None:
    truths = {c.claim.id: [t.items for t in c.by_construction] for c in view.claims}
    assert truths["family-transfer"] == [("no words are shared",)]
    assert truths["best-layer"] == []


def test_scores_that_claims_share_stand_once(view: ReportView) -> None:
    assert [t.task for t in claim(view, "baseline-itself").tasks] == []
    (shown,) = claim(view, "baseline-itself").elsewhere
    assert (shown.task, shown.anchor) == ("pos", "claim-best-layer")


def test_ids_are_unique_and_every_other_link_leads_to_a_paper(page: Page, view: ReportView) -> None:
    ids = [e.attributes["id"] for e in page.elements if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    links = {e.attributes["href"] for e in page.elements if "href" in e.attributes}
    outside = {link for link in links if not link.startswith("#")}
    assert outside <= {r.href for r in view.references}
    assert {link[1:] for link in links - outside} <= set(ids)


def test_a_claim_that_failed_to_be_judged_is_still_in_its_row(made: Made) -> None:
    run, records = made
    kept = tuple(v for v in run.verdicts if v.claim != "lower-layers")
    view = build_view(run.model_copy(update={"verdicts": kept}), records)
    first = view.index[0].rows[0]
    assert first.outcomes[0].outcome is Outcome.NOT_RUN
    assert first.sentence == "Not judged in this run."

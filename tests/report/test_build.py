from __future__ import annotations

import json

import pytest

from reproduce.nouns.evidence import Outcome
from reproduce.nouns.record import Record
from reproduce.nouns.run import Run
from reproduce.nouns.verdict import Amendment
from reproduce.report import ReportView, build_view, to_html, to_json, to_markdown
from reproduce.report.build import rerun_command

Small = tuple[Run, dict[str, Record]]


def test_a_claim_without_verdict_is_not_run(small: Small) -> None:
    run, records = small
    view = build_view(run.model_copy(update={"verdicts": ()}), records)
    assert {claim.outcome for claim in view.claims} == {Outcome.NOT_RUN}
    assert view.claims[0].reason == "Not judged in this run."


def test_an_amendment_stands_with_both_versions(small: Small) -> None:
    run, records = small
    amendment = Amendment(
        run="earlier",
        when="2026-01-30T08:00:00+00:00",
        before="0" * 64,
        changes=("expect.margin: '0' -> '1.0'",),
    )
    first = run.verdicts[0].model_copy(update={"amendments": (amendment,)})
    view = build_view(run.model_copy(update={"verdicts": (first, *run.verdicts[1:])}), records)
    (fact,) = view.claims[0].amendments
    assert fact.label == "Since run earlier of 2026-01-30 08:00 UTC"
    assert fact.value == "expect.margin: '0' -> '1.0'"
    assert "Amended:" in to_html(view) and "**Amended:**" in to_markdown(view)


def test_failures_stand_with_the_claims_that_needed_the_cell(view: ReportView) -> None:
    assert [len(claim.failures) for claim in view.claims] == [1, 0, 0, 0]


def test_the_expectation_is_told_with_its_numbers(view: ReportView) -> None:
    facts = {fact.label: fact.value for fact in view.claims[1].judged}
    assert facts["Expectation"] == "margin: margin 1.0"
    assert facts["Unit"] == "seed, 8 in this verdict"
    assert facts["Planned looks"] == "2, 6 units; this is look 1 of 2"


@pytest.mark.parametrize(
    ("command", "again"),
    [
        ("reproduce run claims/", "reproduce run 'my claims/a.yaml'"),
        (
            "reproduce run claims/ b.yaml --setting world --set a=b",
            "reproduce run 'my claims/a.yaml' --setting world --set a=b",
        ),
        ("reproduce extend best-layer", "reproduce extend best-layer"),
        ("reproduce run 'torn", "reproduce run 'torn"),
    ],
)
def test_the_command_is_narrowed_to_one_file(command: str, again: str) -> None:
    assert rerun_command(command, "my claims/a.yaml") == again


def test_json_gives_the_whole_view_back(view: ReportView) -> None:
    written = to_json(view)
    assert ReportView.model_validate_json(written) == view
    first = json.loads(written)["claims"][0]
    assert first["outcome"] == "inconclusive"
    assert first["reproduced"] == {"answer": "undecided", "level": "in simulation"}


def test_markdown_begins_with_the_table(view: ReportView) -> None:
    lines = to_markdown(view).splitlines()
    assert lines[0] == "# 4 claims in setting world"
    assert lines[2] == "| Claim | Verdict | Reproduced? | Main effect | True if |"
    assert lines[5] == (
        "| Fusing a lower layer improves POS tagging by at least one point | ✗ refuted "
        "| no — in simulation | +0.22 \\[−0.19, +0.63\\] points | above +1 |"
    )


def test_the_tables_of_markdown_have_one_width(view: ReportView) -> None:
    block: list[int] = []
    for line in [*to_markdown(view).splitlines(), ""]:
        if line.startswith("|"):
            block.append(line.replace("\\|", "").count("|"))
        else:
            assert len(set(block)) <= 1
            block = []


def test_a_quick_run_is_marked_in_every_format(small: Small) -> None:
    run, records = small
    view = build_view(run.model_copy(update={"watermark": "not evidence"}), records)
    assert to_markdown(view).splitlines()[2].startswith("**NOT EVIDENCE: a quick run")
    assert json.loads(to_json(view))["watermark"] == "not evidence"
    assert "Holds in simulation (not evidence)" in to_markdown(view).replace("\\", "")

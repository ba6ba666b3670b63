"""From a document to drafts, to a claim, and the audit, as a person goes through them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Call

REPORT = """\
# A report

Claim\tVerified\tConfidence
It helps by 1 to 3 points.\t✓\t0.30
Lower layers are better.\t✗\t0.10
"""
PAPERS = """\
documents:
  report: {title: A report, file: ../report.txt, references: [paper]}
papers:
  paper:
    link: here
    cited: [{document: report, cited_for: help, supports: false, reason: It does not.}]
"""
REST = """
paper: paper
family: f
role: confirmatory
experiment: {kind: fusion_sweep, tasks: [pos], languages: [en], seeds: {looks: [2]}}
expect: {kind: margin, margin: "1"}
unit: seed
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with a report and a book."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "report.txt").write_text(REPORT)
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims" / "papers.yaml").write_text(PAPERS)
    return tmp_path


def test_a_document_becomes_drafts_that_validate_and_do_not_run(folder: Path, call: Call) -> None:
    assert call("extract", "report.txt").status == 0
    validated = call("validate", "--json").json
    assert (validated["claims"], validated["drafts"], validated["quotes_found"]) == (0, 2, 2)
    ended = call("run", "claims/drafts/report-01.yaml")
    assert ended.status == 2
    assert "claims/drafts/report-01.yaml:5: status: this is a draft" in ended.err
    assert "experiment, expect" in ended.err


def test_a_draft_filled_in_is_a_claim_that_stays_linked(folder: Path, call: Call) -> None:
    call("extract", "report.txt")
    text = Path("claims/drafts/report-01.yaml").read_text().partition("\nfound:")[0] + REST
    text = text.replace("status: draft\nid: report-01", "id: help\ndraft: report-01")
    Path("claims/help.yaml").write_text(text)
    validated = call("validate", "--json").json
    assert (validated["claims"], validated["quotes_found"]) == (1, 3)
    Path("claims/help.yaml").write_text(text.replace("It helps", "It helped"))
    ended = call("validate")
    assert (ended.status, "but the draft 'report-01' has" in ended.err) == (2, True)


def test_a_draft_cannot_be_planned_beside_a_claim(folder: Path, call: Call) -> None:
    call("extract", "report.txt")
    ended = call("plan", "claims", "--json")
    assert ended.status == 2
    assert len(ended.json["error"]["problems"]) == 2


def test_a_quote_that_is_not_in_its_source_is_refused(folder: Path, call: Call) -> None:
    call("extract", "report.txt")
    Path("report.txt").write_text(REPORT.replace("helps", "helped"))
    ended = call("validate")
    assert ended.status == 2
    assert "claims/drafts/report-01.yaml:" in ended.err
    Path("report.txt").unlink()
    ended = call("validate")
    assert (ended.status, "were not looked for" in ended.out) == (0, True)


def test_programs_get_the_drafts(folder: Path, call: Call) -> None:
    found = call("extract", "report.txt", "--out", "drafts", "--name", "report", "--json").json
    assert [draft["file"] for draft in found["drafts"]] == [
        "drafts/report-01.yaml",
        "drafts/report-02.yaml",
    ]
    assert found["drafts"][0]["found"]["numbers"][0]["to"] == "3"


def test_extracting_twice_overwrites_nothing(folder: Path, call: Call) -> None:
    call("extract", "report.txt")
    before = Path("claims/drafts/report-01.yaml").read_text()
    Path("claims/drafts/report-02.yaml").unlink()
    ended = call("extract", "report.txt")
    assert (ended.status, "exist already" in ended.err) == (2, True)
    assert Path("claims/drafts/report-01.yaml").read_text() == before
    assert not Path("claims/drafts/report-02.yaml").exists()


BAD: dict[str, tuple[bytes, tuple[str, ...], str]] = {
    "a binary file": (b"\x7fELF\0\0", (), "a binary file"),
    "a PDF": (b"%PDF-1.5", (), "a PDF"),
    "another encoding": ("Claim\té".encode("latin-1"), (), "report.txt:1: byte 0xe9"),
    "no claims": (b"Hello.", (), "no table of claims"),
    "an unknown format": (b"x", ("--format", "docx"), "text, markdown, html, latex"),
    "a name that leaves the folder": (REPORT.encode(), ("--name", "../x"), "is not a name"),
    "papers that are broken": (REPORT.encode(), ("--out", "broken"), "broken/papers.yaml"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_document_that_cannot_be_used_leaves_nothing(folder: Path, call: Call, name: str) -> None:
    content, options, words = BAD[name]
    Path("report.txt").write_bytes(content)
    Path("broken").mkdir()
    Path("broken/papers.yaml").write_text("papers: [")
    ended = call("extract", "report.txt", *options)
    assert (ended.status, words in ended.err) == (2, True), ended.err
    assert not list(folder.rglob("*-01.yaml"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_told(folder: Path, call: Call) -> None:
    Path("locked").mkdir(mode=0o500)
    assert call("extract", "report.txt", "--out", "locked").status == 2
    shutil.rmtree("locked")


def test_the_audit_prints_what_it_found_and_ends_well(folder: Path, call: Call) -> None:
    ended = call("audit", "claims/papers.yaml")
    assert ended.status == 0
    assert "problem: paper, cited for help" in ended.out
    assert "1 check: 0 ok, 1 problem, 0 cannot be checked." in ended.out


def test_programs_get_the_audit(folder: Path, call: Call) -> None:
    found = call("audit", "claims/papers.yaml", "--json").json
    assert found["counts"] == {"ok": 0, "problem": 1, "cannot be checked": 0}
    assert found["findings"][0]["key"] == "papers.paper.cited[0]"


def test_a_check_of_no_number_is_refused_with_its_line(folder: Path, call: Call) -> None:
    bad = "    checks: {means: [{what: x, printed: a, parts: [b, c]}]}\n"
    Path("claims/papers.yaml").write_text(PAPERS + bad)
    ended = call("audit", "claims/papers.yaml")
    assert ended.status == 2
    assert "claims/papers.yaml:7: papers.paper.checks.means[0].printed" in ended.err


def test_nothing_to_check_is_said(folder: Path, call: Call) -> None:
    Path("claims/papers.yaml").write_text("papers: {}\n")
    assert "Nothing to check" in call("audit", "claims/papers.yaml").out

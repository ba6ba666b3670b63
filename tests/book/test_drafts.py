from __future__ import annotations

from pathlib import Path

import pytest

from reproduce.book import drafts_that_would_run, family_sizes, load_book
from reproduce.errors import SpecErrors
from tests.book.conftest import CLAIM, Write, only_problem

DRAFT = """\
status: draft
id: report-05
title: It gains
source: {document: report, row: 5, quote: It gains., confidence: "0.30"}
"""
FINISHED = CLAIM.replace("id: gain", "status: draft\nid: gain")


def test_drafts_are_kept_apart_from_claims(write: Write, tmp_path: Path) -> None:
    write()
    write(name="d.yaml", text=DRAFT)
    book = load_book([tmp_path])
    assert [entry.claim.id for entry in book.claims] == ["gain"]
    assert [entry.draft.id for entry in book.drafts] == ["report-05"]


def test_a_draft_in_a_folder_of_claims_is_only_set_aside(write: Write, tmp_path: Path) -> None:
    write()
    write(name="d.yaml", text=DRAFT)
    assert drafts_that_would_run(load_book([tmp_path]), [tmp_path]) == []


def test_a_draft_that_is_run_is_told_what_it_lacks(write: Write, tmp_path: Path) -> None:
    paths = [write(), write(name="d.yaml", text=DRAFT)]
    (problem,) = drafts_that_would_run(load_book(paths), paths)
    assert (Path(problem.file).name, problem.line, problem.key) == ("d.yaml", 1, "status")
    assert problem.found.endswith("missing: paper, family, role, experiment, expect, unit")


def test_a_folder_of_nothing_but_drafts_does_not_run(write: Write, tmp_path: Path) -> None:
    write(name="d.yaml", text=DRAFT)
    assert len(drafts_that_would_run(load_book([tmp_path]), [tmp_path])) == 1


def test_a_draft_that_lacks_nothing_says_how_it_becomes_a_claim(write: Write) -> None:
    path = write(text=FINISHED)
    (problem,) = drafts_that_would_run(load_book([path]), [path])
    assert problem.next_step == "delete status and found"


def test_what_is_filled_in_already_is_checked(write: Write) -> None:
    problem = only_problem(write(("kind: margin", "kind: margn"), text=FINISHED))
    assert (problem.line, problem.next_step) == (15, "did you mean 'margin'?")


@pytest.mark.parametrize(
    ("old", "new", "line", "key"),
    [
        ("status: draft", "status: final", 1, "status"),
        ("title:", "titel:", 3, "titel"),
        ("quote: It gains.", 'quote: ""', 4, "source.quote"),
        ("document: report", "document: rapport", 4, "source.document"),
    ],
)
def test_a_fault_in_a_draft_has_its_line(
    write: Write, old: str, new: str, line: int, key: str
) -> None:
    problem = only_problem(write((old, new), text=DRAFT))
    assert (problem.line, problem.key) == (line, key)


def test_the_same_draft_twice_is_refused(write: Write) -> None:
    problem = only_problem(write(text=DRAFT), write(name="b.yaml", text=DRAFT))
    assert "already the id of the draft" in problem.found


def test_a_quote_from_another_version_than_papers_lists_is_refused(
    write: Write, tmp_path: Path
) -> None:
    path = write(("row: 5", f"row: 5, sha256: {'a' * 64}"), text=DRAFT)
    papers = tmp_path / "papers.yaml"
    listed = f"title: A report, sha256: {'b' * 64}"
    papers.write_text(papers.read_text().replace("title: A report", listed))
    assert only_problem(path).key == "source.sha256"


def linked(write: Write, *changes: tuple[str, str]) -> Path:
    return write(("unit: seed", "unit: seed\ndraft: report-05"), *changes)


def test_a_claim_is_linked_to_its_draft(write: Write, tmp_path: Path) -> None:
    write(name="d.yaml", text=DRAFT)
    linked(write)
    assert load_book([tmp_path]).claims[0].claim.draft == "report-05"


def test_the_draft_of_a_claim_alone_is_found_in_the_book(write: Write, tmp_path: Path) -> None:
    (tmp_path / "drafts").mkdir()
    write(name="drafts/report-05.yaml", text=DRAFT)
    assert load_book([linked(write)]).drafts == ()


def test_a_claim_that_differs_from_its_draft_is_refused(write: Write, tmp_path: Path) -> None:
    draft = write(name="d.yaml", text=DRAFT)
    problem = only_problem(linked(write, ("row: 5", "row: 6")), draft)
    assert (problem.key, problem.line) == ("source.row", 4)


def test_a_link_to_no_draft_is_refused(write: Write) -> None:
    draft = write(name="d.yaml", text=DRAFT)
    problem = only_problem(linked(write, ("report-05", "report-06")), draft)
    assert (problem.key, problem.next_step) == ("draft", "did you mean 'report-05'?")


def test_a_draft_does_not_count_in_its_family(write: Write, tmp_path: Path) -> None:
    write()
    write(name="d.yaml", text=FINISHED.replace("id: gain", "id: other"))
    assert family_sizes([tmp_path]) == {"dlfa": 1}


def test_asking_for_a_draft_by_its_id_says_what_it_is(write: Write) -> None:
    book = load_book([write(name="d.yaml", text=DRAFT)])
    with pytest.raises(SpecErrors, match="this is a draft"):
        book.get("report-05")

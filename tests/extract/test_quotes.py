from __future__ import annotations

from pathlib import Path

import pytest

from reproduce.book import load_book
from reproduce.errors import UserError
from reproduce.extract import QuoteCheck, check_quotes
from tests.book.conftest import CLAIM

REPORT = "First.\nIt\n  gains. It gains.\n"


def check(
    tmp_path: Path, *changes: tuple[str, str], keys: str = "", sources: Path | None = None
) -> QuoteCheck:
    text = CLAIM
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims" / "a.yaml").write_text(text)
    listed = f"documents:\n  report: {{title: A, file: ../report.txt{keys}}}\n"
    papers = "papers:\n  some-paper: {link: here}\n"
    (tmp_path / "claims" / "papers.yaml").write_text(listed + papers)
    return check_quotes(load_book([tmp_path / "claims"]), sources)


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(REPORT)
    return path


def test_a_quote_is_found_where_papers_says(report: Path, tmp_path: Path) -> None:
    assert check(tmp_path).found == 1


def test_a_quote_may_be_wrapped_otherwise(report: Path, tmp_path: Path) -> None:
    assert check(tmp_path, ("quote: It gains.", "quote: First. It gains.")).found == 1


def test_a_quote_that_is_not_there_is_a_problem_with_its_line(report: Path, tmp_path: Path) -> None:
    (problem,) = check(tmp_path, ("It gains.", "It gained.")).problems
    assert (Path(problem.file).name, problem.line, problem.key) == ("a.yaml", 4, "source.quote")
    assert "this is not in" in problem.found


def test_words_that_run_together_are_no_quote(report: Path, tmp_path: Path) -> None:
    assert check(tmp_path, ("It gains.", "Itgains.")).problems


def test_an_offset_must_be_one_of_the_quote_s(report: Path, tmp_path: Path) -> None:
    (problem,) = check(tmp_path, ("quote: It", "offset: 8, quote: It")).problems
    assert (problem.key, problem.allowed) == ("source.offset", "7 or 19")


def test_the_second_place_of_a_quote_is_right_too(report: Path, tmp_path: Path) -> None:
    assert check(tmp_path, ("quote: It", "offset: 19, quote: It")).found == 1


def test_another_version_of_the_document_is_a_problem(report: Path, tmp_path: Path) -> None:
    (problem,) = check(tmp_path, keys=f", sha256: {'a' * 64}").problems
    assert "has the SHA-256" in problem.found


def test_a_document_that_is_not_at_hand_is_told(tmp_path: Path) -> None:
    checked = check(tmp_path)
    assert (checked.found, checked.problems) == (0, ())
    assert "report.txt" in checked.not_at_hand["report"]


def test_documents_are_looked_for_in_the_folder_given(report: Path, tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    report.rename(tmp_path / "else" / "report.txt")
    assert check(tmp_path, sources=tmp_path / "else").found == 1


def test_a_folder_of_sources_that_is_absent_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such folder"):
        check(tmp_path, sources=tmp_path / "nowhere")

from __future__ import annotations

from pathlib import Path

import pytest

from reproduce.book import Book, check_against, family_sizes, load_book, load_setting
from reproduce.book.book import papers_file
from reproduce.errors import Problem, UserError
from tests.book.conftest import PAPERS, Write, only_problem, problems_of
from tests.book.test_settings import SETTING


def test_files_are_read_in_order_and_once(write: Write, tmp_path: Path) -> None:
    write(name="b.yaml")
    first = write(("id: gain", "id: other"), name="a.yaml")
    book = load_book([tmp_path, first])
    assert [Path(entry.file).name for entry in book.claims] == ["a.yaml", "b.yaml"]


def test_folders_are_searched_to_any_depth(write: Write, tmp_path: Path) -> None:
    (tmp_path / "controls").mkdir()
    write(name="controls/x.yaml")
    assert len(load_book([tmp_path]).claims) == 1


def test_papers_are_found_above_the_claim(write: Write, tmp_path: Path) -> None:
    (tmp_path / "controls").mkdir()
    path = write(name="controls/x.yaml")
    assert papers_file(path) == tmp_path / "papers.yaml"


def test_the_same_id_twice_names_both_places(write: Write) -> None:
    problem = only_problem(write(), write(name="b.yaml"))
    assert (Path(problem.file).name, problem.line) == ("b.yaml", 1)
    assert "a.yaml:1" in problem.found


def test_a_paper_that_is_not_listed_is_refused(write: Write) -> None:
    problem = only_problem(write(("paper: some-paper", "paper: som-paper")))
    assert (problem.line, problem.next_step) == (3, "did you mean 'some-paper'?")


def test_a_document_that_is_not_listed_is_refused(write: Write) -> None:
    assert only_problem(write(("document: report", "document: rapport"))).key == "source.document"


def test_a_book_without_papers_is_refused(write: Write, tmp_path: Path) -> None:
    path = write()
    (tmp_path / "papers.yaml").unlink()
    assert "papers.yaml" in only_problem(path).found


def test_a_fault_in_papers_has_its_line(write: Write, tmp_path: Path) -> None:
    path = write()
    (tmp_path / "papers.yaml").write_text(PAPERS.replace("[some-paper]", "[nil]"))
    problem = only_problem(path)
    assert (problem.line, problem.key) == (2, "documents.report.references[0]")


def test_a_family_with_mixed_alpha_is_refused(write: Write) -> None:
    second = write(("id: gain", "id: b"), ("unit: seed", "unit: seed\nalpha: 0.1"), name="b.yaml")
    assert only_problem(write(), second).line == 17


def test_a_unit_that_the_experiment_does_not_vary_over_is_refused(write: Write) -> None:
    problem = only_problem(write(("unit: seed", "unit: sentence")))
    assert (problem.key, problem.allowed) == ("unit", "seed")


def test_a_path_that_is_absent_names_the_nearest(write: Write, tmp_path: Path) -> None:
    write(name="best_layer.yaml")
    assert "best_layer.yaml" in only_problem(tmp_path / "best_layr.yaml").next_step


def test_a_folder_without_claims_is_refused(tmp_path: Path) -> None:
    assert "no claim" in only_problem(tmp_path).found


def test_a_claim_file_that_is_a_folder_is_refused(write: Write, tmp_path: Path) -> None:
    write()
    (tmp_path / "b.yaml").mkdir()
    assert only_problem(tmp_path).found == "this is a folder, not a YAML file"


def test_an_unknown_id_names_the_nearest(write: Write) -> None:
    with pytest.raises(UserError, match="did you mean 'gain'"):
        load_book([write()]).get("gian")


def test_a_family_s_size_is_that_of_the_whole_book(write: Write, tmp_path: Path) -> None:
    write(("id: gain", "id: b"), name="b.yaml")
    write(("id: gain", "id: c"), ("confirmatory", "control"), name="c.yaml")
    assert family_sizes([write()]) == {"dlfa": 2}


def test_a_broken_sibling_does_not_hinder_counting(write: Write, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("a: [")
    assert family_sizes([write()]) == {"dlfa": 1}


def against(path: Path, tmp_path: Path, layers: int | None = 4) -> list[Problem]:
    (tmp_path / "s.yaml.txt").write_text(SETTING)
    (tmp_path / "set").mkdir()
    setting = tmp_path / "set" / "own.yaml"
    setting.write_text(SETTING)
    book: Book = load_book([path])
    return check_against(
        book, load_setting(str(setting)), layers, tasks=["pos", "ner"], fusions=["last", "dlfa"]
    )


def test_a_claim_that_fits_its_setting_has_no_problem(write: Write, tmp_path: Path) -> None:
    assert against(write(), tmp_path) == []


def test_a_task_that_only_the_setting_lacks_is_no_problem(write: Write, tmp_path: Path) -> None:
    assert against(write(("[pos]", "[pos, ner]")), tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "key"),
    [
        ("[pos]", "[pos, nerr]", 9, "experiment.tasks[1]"),
        ("xtreme", "xtrem", 11, "experiment.languages"),
        ("xtreme", "[de, dee]", 11, "experiment.languages[1]"),
        ("[1, 2]", "[1, 4]", 10, "experiment.layers[1]"),
        ("layers: [1, 2]", "fusion: dlfaa", 10, "experiment.fusion"),
    ],
)
def test_what_the_setting_does_not_have_is_told_with_its_line(
    write: Write, tmp_path: Path, old: str, new: str, line: int, key: str
) -> None:
    (problem,) = against(write((old, new)), tmp_path)
    assert (problem.line, problem.key) == (line, key)


def test_a_layer_beyond_the_model_says_which_there_are(write: Write, tmp_path: Path) -> None:
    (problem,) = against(write(("[1, 2]", "[8]")), tmp_path, layers=8)
    assert "the model has 8 layers" in problem.found
    assert problem.allowed == "lower layers 1 to 7, or all"


def test_two_broken_claims_do_not_hide_a_third_s_problem(write: Write) -> None:
    broken = write(("title:", "titel:"))
    unknown = write(("id: gain", "id: b"), ("unit: seed", "unit: language"), name="b.yaml")
    assert len(problems_of(broken, unknown)) == 2


def test_new_sentences_with_a_unit_that_cannot_be_crossed_are_refused(write: Write) -> None:
    path = write(("unit: seed", "unit: language\ninference: new-sentences"))
    (problem,) = [p for p in problems_of(path) if p.key == "inference"]
    assert "language" in problem.found
    assert "this-test-set" in problem.allowed


def test_a_claim_that_cannot_be_tested_fits_every_experiment(write: Write) -> None:
    reason = "It only says that something is discussed."
    path = write(('kind: margin\n  margin: "1.0"', f"kind: not_testable\n  why: {reason}"))
    assert load_book([path]).claims[0].claim.expect.kind == "not_testable"

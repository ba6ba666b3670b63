from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reproduce.book import load_book
from reproduce.book.document import parse_document
from reproduce.book.validation import build_claim
from reproduce.errors import SpecErrors
from tests.book.conftest import CLAIM, Write, only_problem, problems_of


def test_a_claim_is_read_with_its_experiment_and_expectation(write: Write) -> None:
    (entry,) = load_book([write()]).claims
    assert (entry.claim.experiment.kind, entry.claim.expect.kind) == ("fusion_sweep", "margin")


def test_an_unknown_key_names_its_line_and_the_nearest(write: Write) -> None:
    problem = only_problem(write(("title:", "titel:")))
    assert (problem.line, problem.key, problem.next_step) == (2, "titel", "did you mean 'title'?")


def test_an_unknown_key_inside_the_experiment_has_its_whole_path(write: Write) -> None:
    problem = only_problem(write(("  layers:", "  layer:")))
    assert (problem.line, problem.key) == (10, "experiment.layer")


def test_an_unknown_value_names_the_allowed_and_the_nearest(write: Write) -> None:
    problem = only_problem(write(("confirmatory", "confirmatry")))
    assert problem.allowed == "confirmatory, exploratory, control"
    assert problem.next_step == "did you mean 'confirmatory'?"


def test_an_unknown_kind_names_the_registered(write: Write) -> None:
    problem = only_problem(write(("kind: margin", "kind: margn")))
    assert (problem.line, problem.key) == (14, "expect.kind")
    assert "equivalence" in problem.allowed
    assert problem.next_step == "did you mean 'margin'?"


def test_an_experiment_without_a_kind_names_the_registered(write: Write) -> None:
    problem = only_problem(write(("  kind: fusion_sweep\n", "")))
    assert (problem.key, "fusion_sweep" in problem.allowed) == ("experiment", True)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [('margin: "1.0"', "margin: 1.0", "expect.margin"), ('"0.30"', "0.30", "source.confidence")],
)
def test_a_printed_number_without_quotes_is_refused(
    write: Write, old: str, new: str, key: str
) -> None:
    problem = only_problem(write((old, new)))
    raw = new.rpartition(" ")[2]
    assert problem.key == key
    assert problem.next_step == (
        f'write it in quotes, so that the printed precision is kept: "{raw}"'
    )


def test_a_margin_in_per_cent_is_refused(write: Write) -> None:
    problem = only_problem(write(('"1.0"', '"1.0 %"')))
    assert (problem.line, "percentage points" in problem.found) == (15, True)


def test_a_claim_without_a_unit_is_told_what_a_unit_is(write: Write) -> None:
    problem = only_problem(write(("unit: seed\n", "")))
    assert (problem.key, problem.found) == ("unit", "this key is missing")
    assert "what the interval is over" in problem.allowed


def test_a_number_in_quotes_is_refused_where_a_number_belongs(write: Write) -> None:
    problem = only_problem(write(("[8, 12]", '["8", 12]')))
    assert (problem.key, problem.next_step) == (
        "experiment.seeds.looks[0]",
        "write it without quotes: 8",
    )


def test_a_single_value_is_refused_where_a_list_belongs(write: Write) -> None:
    problem = only_problem(write(("tasks: [pos]", "tasks: pos")))
    assert problem.next_step == "write it as a list: [pos]"


def test_a_union_is_one_problem(write: Write) -> None:
    problem = only_problem(write(("layers: [1, 2]", "layers: upper")))
    assert problem.allowed.startswith("all or a list")


def test_a_fault_inside_a_union_s_branch_is_found_there(write: Write) -> None:
    problem = only_problem(write(("layers: [1, 2]", "layers: [1, two]")))
    assert problem.key == "experiment.layers[1]"


@pytest.mark.parametrize("value", ["8.0", "true", "-1", "nothing"])
def test_a_number_of_seeds_is_a_whole_number(write: Write, value: str) -> None:
    assert only_problem(write(("[8, 12]", f"[{value}]"))).key == "experiment.seeds.looks[0]"


def test_an_empty_quote_is_refused(write: Write) -> None:
    assert only_problem(write(("quote: It gains.", 'quote: ""'))).key == "source.quote"


@pytest.mark.parametrize("text", ["- a\n", "just words\n", "3\n", "null\n"])
def test_a_file_that_is_no_mapping_is_told_what_a_claim_has(write: Write, text: str) -> None:
    assert "a mapping with the keys id" in only_problem(write(text=text)).allowed


def test_all_problems_of_all_files_are_told_at_once(write: Write) -> None:
    first = write(("title:", "titel:"), ("confirmatory", "confirmatry"))
    second = write(('"1.0"', "1.0"), ("tasks: [pos]", "tasks: pos"), name="b.yaml")
    found = problems_of(first, second)
    assert [(Path(p.file).name, p.line) for p in found] == [
        ("a.yaml", 2),
        ("a.yaml", 6),
        ("b.yaml", 9),
        ("b.yaml", 15),
    ]


lines = st.integers(0, len(CLAIM.splitlines()) - 1)
words = st.sampled_from(
    [
        "",
        "x",
        "3",
        "1.0",
        "null",
        "[]",
        "{}",
        "[a",
        "a: b",
        "- c",
        '"',
        "*a",
        "&a",
        "!!a b",
        "kind: x",
    ]
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A valid claim with some characters or lines changed, removed, doubled or moved."""
    text = CLAIM
    for _ in range(draw(st.integers(1, 4))):
        parts = text.splitlines(keepends=True) or [""]
        i = draw(lines) % len(parts)
        change = draw(st.integers(0, 4))
        if change == 0:
            del parts[i]
        elif change == 1:
            parts.insert(i, parts[draw(lines) % len(parts)])
        elif change == 2:
            key, colon, _ = parts[i].partition(":")
            parts[i] = f"{key}{colon} {draw(words)}\n"
        elif change == 3:
            parts[i] = draw(st.text(max_size=4)) + parts[i]
        else:
            at = draw(st.integers(0, len(parts[i])))
            parts[i] = parts[i][:at] + draw(st.text(max_size=3)) + parts[i][at + 1 :]
        text = "".join(parts)
    return text


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=2000)
@given(mutated())
def test_a_mutated_claim_is_valid_or_refused_quickly(text: str) -> None:
    start = time.perf_counter()
    try:
        build_claim(parse_document(text, "a.yaml"))
    except SpecErrors as error:
        assert all(problem.file == "a.yaml" for problem in error.problems)
    assert time.perf_counter() - start < 2

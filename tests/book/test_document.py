from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from reproduce.book.document import (
    MAX_BYTES,
    Document,
    Plain,
    dotted,
    parse_document,
    read_document,
)
from reproduce.errors import Problem, SpecErrors


def parse(text: str) -> Document:
    return parse_document(text, "f.yaml")


def refused(text: str) -> Problem:
    with pytest.raises(SpecErrors) as raised:
        parse(text)
    return raised.value.problems[0]


def read_refused(path: Path) -> Problem:
    with pytest.raises(SpecErrors) as raised:
        read_document(path)
    return raised.value.problems[0]


def test_every_value_knows_its_line() -> None:
    document = parse("a: 1\nb:\n  - x\n  - c: y\n")
    keys = [("a",), ("b",), ("b", 0), ("b", 1), ("b", 1, "c")]
    assert [document.spot(k).line for k in keys] == [1, 2, 3, 4, 4]


def test_a_key_that_is_not_written_has_the_line_of_what_is_around_it() -> None:
    assert parse("a: 1\nb:\n  c: 1\n").spot(("b", "d", 0)).line == 2


def test_a_scalar_keeps_the_way_it_was_written() -> None:
    assert parse("a: 1.50").spot(("a",)).raw == "1.50"


def test_norwegian_is_a_text() -> None:
    assert parse("[no, on, y, 12:30, 2026-06-19]").value == ["no", "on", "y", "12:30", "2026-06-19"]


def test_aliases_stand_for_what_they_name() -> None:
    assert parse("a: &x {b: [1]}\nc: *x").value == {"a": {"b": [1]}, "c": {"b": [1]}}


scalars = st.none() | st.booleans() | st.integers() | st.text("abc: -'\"#é", max_size=8)
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner),
    max_leaves=8,
)


@given(trees)
def test_values_agree_with_the_parser_s_own_constructor(value: Plain) -> None:
    from io import StringIO

    stream = StringIO()
    YAML(typ="safe", pure=True).dump(value, stream)
    text = stream.getvalue()
    try:
        read_back = YAML(typ="safe", pure=True).load(text)
    except YAMLError:  # ruamel cannot read a text such as ':a' that it wrapped itself
        read_back = None
    assume(read_back == value)
    assert parse(text).value == value


@pytest.mark.parametrize(
    "tag", ["!!python/object:os.system", "!x", "!!python/name:os.system", "!!str"]
)
def test_a_tag_is_refused_with_its_line(tag: str) -> None:
    problem = refused(f"a: 1\nb: {tag} x\n")
    assert (problem.line, tag in problem.found) == (2, True)


def test_a_key_given_twice_names_both_lines() -> None:
    problem = refused("a: 1\nb: 2\na: 3\n")
    assert (problem.line, "first on line 1" in problem.found) == (3, True)


def test_a_billion_laughs_are_refused_at_once() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 10)]
    start = time.perf_counter()
    assert "values" in refused("\n".join(lines)).found
    assert time.perf_counter() - start < 5


def test_a_thing_that_contains_itself_is_refused() -> None:
    assert "*x stands for nothing" in refused("a: &x [*x]").found


@pytest.mark.parametrize("text", ["[" * 5000, "- " * 5000, "{a: " * 5000])
def test_deep_nesting_is_refused_at_once(text: str) -> None:
    start = time.perf_counter()
    assert "deep" in refused(text).found
    assert time.perf_counter() - start < 5


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    assert "larger than" in read_refused(path).found


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "folder" in read_refused(tmp_path).found


def test_an_absent_file_is_refused(tmp_path: Path) -> None:
    assert read_refused(tmp_path / "no.yaml").found == "no such file"


def test_bytes_that_are_not_utf8_are_refused_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"a: 1\nb: \xff\n")
    assert (read_refused(path).line, "0xff" in read_refused(path).found) == (2, True)


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("\ufeffa: é\n".encode())
    assert read_document(path).value == {"a": "é"}


@pytest.mark.parametrize("text", ["", "# only a comment\n", "\n\n"])
def test_an_empty_file_is_refused(text: str) -> None:
    assert "empty" in refused(text).found


def test_a_second_document_is_refused_with_its_line() -> None:
    assert refused("a: 1\n---\nb: 1\n").line == 2


@pytest.mark.parametrize(
    "text",
    ["a: [1", "a: b: c", "a: 'x", "\t- a", '"\\x"', '"\\U99999999"', "a: *z", "? [a]\n: 1", "%"],
)
def test_torn_yaml_is_one_problem(text: str) -> None:
    assert refused(text).file == "f.yaml"


def test_a_control_character_is_refused_with_its_line() -> None:
    assert refused("a: 1\nb: \x07").line == 2


@pytest.mark.parametrize("text", [".nan", "-.inf", "9" * 5000, "1e999"])
def test_a_number_without_a_finite_value_is_refused(text: str) -> None:
    assert "number" in refused(f"a: {text}").found


def test_half_a_character_is_refused() -> None:
    assert "half of a character" in refused('a: "\\ud800"').found


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse(text)
    except SpecErrors as error:
        assert error.problems


def test_keys_are_shown_as_people_write_them() -> None:
    assert dotted(("experiment", "seeds", "looks", 0)) == "experiment.seeds.looks[0]"

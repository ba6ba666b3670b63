from __future__ import annotations

import pytest

from reproduce.book import load_book
from tests.book.conftest import Write, only_problem, problems_of


def looks(write: Write, *overrides: str) -> object:
    (entry,) = load_book([write()], overrides=overrides).claims
    return entry.claim.experiment.model_dump()["seeds"]["looks"]


def test_an_override_changes_one_value(write: Write) -> None:
    assert looks(write, "experiment.seeds.looks=[4]") == (4,)


def test_an_override_reaches_into_a_list(write: Write) -> None:
    assert looks(write, "experiment.seeds.looks[1]=20") == (8, 20)


def test_the_last_override_of_a_key_counts(write: Write) -> None:
    assert looks(write, "experiment.seeds.looks=[4]", "experiment.seeds.looks=[5]") == (5,)


def test_an_override_may_set_what_the_file_leaves_out(write: Write) -> None:
    (entry,) = load_book([write()], overrides=["experiment.squeeze=16"]).claims
    assert entry.claim.experiment.model_dump()["squeeze"] == 16


def test_the_text_of_the_file_is_kept_as_read(write: Write) -> None:
    (entry,) = load_book([path := write()], overrides=["experiment.squeeze=16"]).claims
    assert entry.text == path.read_text()


def test_overrides_are_recorded_as_given(write: Write) -> None:
    assert load_book([write()], overrides=["title=New"]).overrides == ("title=New",)


def test_overrides_of_the_setting_leave_claims_alone(write: Write) -> None:
    assert looks(write, "setting.tasks.pos.train=7") == (8, 12)


def test_an_unknown_key_names_the_option_and_the_nearest(write: Write) -> None:
    problem = only_problem(write(), overrides=("experiment.squeze=16",))
    assert problem.file == "--set experiment.squeze=16"
    assert problem.next_step == "did you mean 'squeeze'?"


def test_a_wrong_value_names_the_option(write: Write) -> None:
    problem = only_problem(write(), overrides=("role=control group",))
    assert (problem.file, problem.line) == ("--set role=control group", None)


def test_a_number_for_a_text_says_how_to_quote_it_for_the_shell(write: Write) -> None:
    problem = only_problem(write(), overrides=("expect.margin=1.50",))
    assert problem.next_step.endswith("""--set 'expect.margin="1.50"'""")


@pytest.mark.parametrize("given", ["looks", "=3", "a..b=1", "a b=1", "experiment.tasks[x]=1"])
def test_what_is_not_key_and_value_is_refused(write: Write, given: str) -> None:
    assert only_problem(write(), overrides=(given,)).found == "not KEY=VALUE"


@pytest.mark.parametrize(
    "given", ["title.x=1", "experiment.tasks[7]=pos", "experiment[0]=1", "role=[a", "role=!!x y"]
)
def test_a_path_or_value_that_cannot_be_is_refused(write: Write, given: str) -> None:
    assert only_problem(write(), overrides=(given,)).file == f"--set {given}"


def test_all_wrong_overrides_are_told_at_once(write: Write) -> None:
    assert len(problems_of(write(), overrides=("foo", "bar"))) == 2

from __future__ import annotations

from importlib.metadata import EntryPoint, EntryPoints

import pytest

from reproduce import registry
from reproduce.errors import UserError
from reproduce.nouns.expectation import EXPECTATIONS
from reproduce.nouns.experiment import EXPERIMENTS
from reproduce.registry import Registry, did_you_mean, names_near, nearest


@pytest.fixture
def fruits() -> Registry[object]:
    return Registry("fruit", {"pear": "math:pi", "apple": "math:e", "rotten": "no_such_module:x"})


def test_a_name_gives_its_object(fruits: Registry[object]) -> None:
    import math

    assert fruits.get("pear") is math.pi


def test_names_are_sorted(fruits: Registry[object]) -> None:
    assert list(fruits) == ["apple", "pear", "rotten"]


def test_listing_imports_nothing(fruits: Registry[object]) -> None:
    assert "rotten" in fruits


def test_an_unknown_name_lists_the_known_and_the_nearest(fruits: Registry[object]) -> None:
    with pytest.raises(UserError) as raised:
        fruits.get("peer")
    assert raised.value.allowed == "apple, pear, rotten"
    assert raised.value.next_step == "did you mean 'pear'?"


def test_of_many_names_an_error_lists_the_closest_and_counts_the_others() -> None:
    known = [f"claim-{number}" for number in range(20)] + ["best-layer"]
    assert names_near("best-layr", known).startswith("best-layer, ")
    assert names_near("best-layr", known).endswith(" others")
    assert names_near("???", known) == "one of 21 names"
    assert names_near("???", ["a", "b"]) == "a, b"


def test_a_name_that_is_close_to_none_has_no_guess(fruits: Registry[object]) -> None:
    with pytest.raises(UserError) as raised:
        fruits.get("xyz")
    assert raised.value.next_step == ""


@pytest.mark.parametrize(("name", "step"), [("peer", "did you mean 'pear'?"), ("xyz", "try again")])
def test_a_next_step_may_stand_in_for_a_guess(name: str, step: str) -> None:
    assert did_you_mean(name, ("pear", "apple"), "try again") == step


def test_another_package_adds_by_an_entry_point(
    fruits: Registry[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    added = EntryPoints([EntryPoint("plum", "math:tau", "reproduce.fruits")])
    monkeypatch.setattr(registry, "entry_points", lambda group: added.select(group=group))
    assert (list(fruits)[1:3], fruits.get("plum") > 6) == (["pear", "plum"], True)


def test_an_entry_point_cannot_replace_what_is_built_in(
    fruits: Registry[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    added = EntryPoints([EntryPoint("pear", "math:tau", "reproduce.fruits")])
    monkeypatch.setattr(registry, "entry_points", lambda group: added.select(group=group))
    assert fruits.get("pear") < 4


@pytest.mark.parametrize("table", [EXPERIMENTS, EXPECTATIONS], ids=lambda t: t.noun)
def test_every_kind_is_named_as_its_model_says(table: Registry[type]) -> None:
    for kind in table:
        assert table.get(kind).model_fields["kind"].default == kind


def test_nearest_finds_a_slip_and_nothing_far() -> None:
    assert nearest("confirmatry", ["control", "confirmatory"]) == "confirmatory"
    assert nearest("zzz", ["control", "confirmatory"]) is None

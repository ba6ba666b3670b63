from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reproduce.nouns.night import Recheck
from reproduce.verification.selection import promotable, rotating_sample, stale
from tests.verification.factory import night, standing


def test_a_cell_of_another_environment_is_stale_and_one_of_an_unknown_is_not():
    assert stale(["a", "b", "c"], {"a": "old", "b": "here"}, "here") == ("a",)


def test_the_sample_goes_round_all_cells_in_as_many_nights_as_it_takes():
    cells = {f"{i:032x}" for i in range(100)}
    nights, seen = [], []
    for number in range(1, 21):
        sample = rotating_sample(cells, nights, 0.05)
        assert len(sample) == 5
        seen += sample
        checks = tuple(Recheck(cell=id, title="x", same=True) for id in sample)
        nights.append(night([standing()], number, rechecks=checks, started="1999-01-01"))
    assert set(seen) == cells
    assert rotating_sample(cells, nights, 0.05) == tuple(seen[:5])


def test_the_sample_is_never_empty_where_there_is_a_cell():
    assert rotating_sample({"a"}, [], 0.05) == ("a",)
    assert rotating_sample(set(), [], 0.05) == ()


def test_a_claim_moves_to_another_environment_as_a_whole():
    assert promotable({"a", "b"}, {"a", "b", "c"}, [{"a", "b"}, {"c"}]) == {"a", "b"}
    assert promotable({"a"}, {"a", "b"}, [{"a", "b"}]) == set()


def test_claims_that_share_a_stale_cell_move_together():
    claims = [{"a", "shared"}, {"b", "shared"}, {"c"}]
    assert promotable({"a", "shared", "c"}, {"a", "b", "c", "shared"}, claims) == {"c"}


names = st.sampled_from("abcdefgh")


@given(st.sets(names), st.sets(names), st.lists(st.sets(names)))
def test_no_claim_is_ever_left_with_some_of_its_stale_cells_promoted(renewed, stale, claims):
    moved = promotable(renewed, stale, claims)
    for claim in claims:
        waiting = claim & stale
        assert not waiting & moved or waiting <= moved

from __future__ import annotations

import pytest

from reproduce.errors import StoreError
from reproduce.history import append, nights, timeline, timelines
from reproduce.nouns.evidence import Outcome
from reproduce.store import Store
from tests.verification.factory import estimate, night, standing

SUPPORTED, REFUTED, INCONCLUSIVE = Outcome.SUPPORTED, Outcome.REFUTED, Outcome.INCONCLUSIVE


def flips(outcomes):
    made = [night([standing(outcome=o)], n) for n, o in enumerate(outcomes, 1)]
    return [point.flip for point in timeline(made, "one")]


def test_what_is_appended_is_read_again_in_order_of_the_nights(tmp_path):
    store = Store(tmp_path)
    made = [night([standing()], n) for n in (2, 1, 3)]
    for each in made:
        append(store, each)
    assert [each.number for each in nights(store)] == [1, 2, 3]
    assert nights(store)[1] == made[0]


def test_nights_are_in_order_though_the_clock_jumped_back(tmp_path):
    store = Store(tmp_path)
    append(store, night([standing()], 1, id="20300101T000000Z-a"))
    append(store, night([standing()], 2, id="20200101T000000Z-a"))
    assert [each.number for each in nights(store)] == [1, 2]


def test_nights_of_other_settings_and_values_are_kept_apart(tmp_path):
    store = Store(tmp_path)
    append(store, night([standing()], 1))
    append(store, night([standing()], 2, setting="scaled"))
    append(store, night([standing()], 3, overrides=("alpha=0.1",)))
    assert [n.number for n in nights(store, setting="world")] == [1]
    assert [n.number for n in nights(store, setting="world", overrides=["alpha=0.1"])] == [3]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b'{"format": 2}'])
def test_a_torn_night_is_left_out_and_stops_nothing(tmp_path, content):
    store = Store(tmp_path)
    append(store, night([standing()], 1))
    (tmp_path / "history" / "20260102T000000Z-torn.json").write_bytes(content)
    assert [each.number for each in nights(store)] == [1]


def test_a_night_cannot_leave_the_store(tmp_path):
    with pytest.raises(StoreError, match="not the id of a night"):
        append(Store(tmp_path / "store"), night([standing()], id="../../out"))


def test_a_flip_is_told_also_when_the_claim_was_undecided_in_between():
    assert flips([SUPPORTED, INCONCLUSIVE, REFUTED]) == [False, False, True]
    assert flips([SUPPORTED, SUPPORTED, INCONCLUSIVE]) == [False, False, False]
    assert flips([INCONCLUSIVE, REFUTED, SUPPORTED]) == [False, False, True]


def test_small_moves_add_up_to_a_drift():
    values = [1.0, 1.5, 2.0, 2.5]
    made = [night([standing(estimate=estimate(v))], n) for n, v in enumerate(values, 1)]
    assert [point.drift for point in timeline(made, "one")] == [False, False, False, True]


def test_an_edited_claim_starts_anew():
    made = [
        night([standing()], 1),
        night([standing(outcome=REFUTED, criterion="d" * 64, estimate=estimate(9.0))], 2),
    ]
    assert [(p.flip, p.drift) for p in timeline(made, "one")] == [(False, False)] * 2


def test_a_claim_is_compared_with_itself_within_each_setting():
    made = [
        night([standing()], 1),
        night([standing(outcome=REFUTED)], 1, setting="scaled"),
    ]
    assert [point.flip for point in timelines(made, "one")] == [False, False]

from __future__ import annotations

from reproduce.training.seeds import derive, seeds_of, stable_hash


def test_the_streams_of_a_seed_differ():
    seeds = seeds_of(1)
    assert len({seeds.data, seeds.head, seeds.fusion, seeds.dropout}) == 4


def test_seeds_differ_and_are_the_same_on_every_machine():
    assert seeds_of(1) != seeds_of(2)
    assert seeds_of(1).data == derive(1, "data") == stable_hash("1/data") // 2
    assert stable_hash("1/data") == 0xAA9F486E948715F5

import itertools

import numpy as np
import pytest

from reproduce.statistics.dyadic import dyadic_summary
from reproduce.statistics.paired import interval, summarise


def draw(rng, members, shared, own):
    ids = list(itertools.combinations(range(members), 2))
    effects = rng.normal(0, shared, members)
    values = np.array([effects[a] + effects[b] for a, b in ids]) + rng.normal(0, own, len(ids))
    return values, [(str(a), str(b)) for a, b in ids]


@pytest.mark.parametrize(("shared", "own"), [(1.0, 0.0), (1.0, 1.0), (0.0, 1.0)])
def test_intervals_cover_although_pairs_share_members(shared, own):
    rng = np.random.default_rng(0)
    hits = 0
    for _ in range(500):
        found = interval(dyadic_summary(*draw(rng, 6, shared, own)), 0.95)
        hits += found.low < 0 < found.high
    assert hits / 500 >= 0.93


def test_taking_pairs_for_independent_would_not_cover():
    rng = np.random.default_rng(0)
    hits = 0
    for _ in range(300):
        found = interval(summarise(draw(rng, 8, 1.0, 0.0)[0]), 0.95)
        hits += found.low < 0 < found.high
    assert hits / 300 < 0.8


def test_a_member_of_every_pair_leaves_nothing_to_judge_by():
    assert not dyadic_summary([1.0, 2.0], [("a", "b"), ("a", "c")]).testable


@pytest.mark.parametrize("values", [[], [1.0], [1.0, float("nan")]])
def test_values_must_be_numbers_one_a_pair(values):
    with pytest.raises(ValueError):
        dyadic_summary(values, [("a", "b"), ("c", "d")])

from __future__ import annotations

import numpy as np
import pytest

from reproduce.judge.crossover import Crossover, crossing
from reproduce.judge.judging import judge_claims
from reproduce.judge.quantity import Sample
from reproduce.judge.simulation import Shape, simulated_design, simulated_records
from reproduce.nouns.evidence import Outcome
from reproduce.statistics.paired import summarise
from tests.judge.support import make_claim, make_setting

SIZES = (25, 50, 100, 200)


def judged(own, *, beyond=25, sd=0.1):
    """The related source has 70, the target's own data the given scores by size."""
    shape = Shape(units=5, labels=("related", *(f"own:{n}" for n in SIZES)))
    design = simulated_design(shape)
    rng = np.random.default_rng(0)
    values = np.array([70.0, *own])[:, None] + rng.normal(0, sd, (5, 5))
    claim = make_claim(Crossover(beyond=beyond), role="control")
    [verdict] = judge_claims(
        [(claim, design)],
        simulated_records(design, {"pos": values}),
        setting=make_setting(),
        family_sizes={},
    )
    return verdict


def sizes_of(verdict):
    return [e for e in verdict.estimates if e.scale == "sentences"]


def test_the_size_lies_between_those_where_the_lead_turns():
    verdict = judged((50, 65, 75, 90))
    [size] = sizes_of(verdict)
    assert verdict.outcome is Outcome.SUPPORTED
    # Half way from 65 to 75, so half way from 50 to 100 on a scale of logarithms.
    assert size.value == pytest.approx((50 * 100) ** 0.5, rel=0.02)
    assert 50 < size.low < size.value < size.high < 100


def test_own_data_that_lead_at_that_size_refute():
    assert judged((50, 65, 75, 90), beyond=100).outcome is Outcome.REFUTED


@pytest.mark.parametrize("own", [(80, 85, 90, 95), (10, 20, 30, 40)])
def test_a_size_outside_those_measured_is_not_made_up(own):
    verdict = judged(own)
    assert sizes_of(verdict) == []
    assert any("do not draw level" in note for note in verdict.notes)


def test_noise_widens_the_interval_until_it_is_open():
    [quiet] = sizes_of(judged((60, 68, 72, 80)))
    [loud] = sizes_of(judged((60, 68, 72, 80), sd=8.0))
    assert quiet.high - quiet.low < 40
    assert loud.low is None or loud.high is None or loud.high - loud.low > quiet.high - quiet.low


def test_a_size_that_was_not_run_is_not_applicable():
    verdict = judged((50, 65, 75, 90), beyond=30)
    assert verdict.outcome is Outcome.NOT_APPLICABLE
    assert "sizes: 25, 50, 100, 200" in verdict.reason


def test_one_seed_gives_a_size_without_interval():
    leads = [Sample(np.array([v]), summarise([v])) for v in (4.0, 2.0, -2.0, -4.0)]
    found = crossing(SIZES, leads, 0.9)
    assert found.size == pytest.approx((50 * 100) ** 0.5)
    assert (found.low, found.high) == (None, None)

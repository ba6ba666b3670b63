"""Tests of the options of executors, and of what machines can hold."""

from __future__ import annotations

import pytest

from reproduce.errors import ResourceError, UserError
from reproduce.schedule import Options
from reproduce.schedule.cluster import Node, check_fits, running


@pytest.mark.parametrize(
    "wrong",
    [
        {"executor": "cloud"},
        {"cpus_per_cell": 0.0},
        {"cpus_per_cell": float("nan")},
        {"gpus_per_cell": -1.0},
        {"gpus_per_cell": 1.5},
        {"gpus_per_cell": float("inf")},
        {"workers": 0},
        {"cell_timeout_s": 0.0},
        {"retries": -1},
        {"ray_address": "ray://head:10001"},
        {"executor": "inline", "ray_address": "auto"},
    ],
)
def test_impossible_options_are_refused_with_what_is_allowed(wrong):
    with pytest.raises(UserError, match="allowed: "):
        Options(**wrong)


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0, 2.0])
def test_gpus_are_whole_or_a_share_of_one(share):
    assert Options(gpus_per_cell=share).gpus_per_cell == share


def test_a_cell_must_fit_on_one_machine_not_on_all_together():
    options = Options(cpus_per_cell=2, gpus_per_cell=1)
    with pytest.raises(ResourceError, match="4 CPU slots and 0 GPUs; 1 CPU slots and 1 GPUs"):
        check_fits([Node(4, 0), Node(1, 1)], options)
    check_fits([Node(4, 0), Node(2, 1)], options)


@pytest.mark.parametrize("address", ["127.0.0.1:1", "no.such.host.invalid:6379"])
def test_an_address_where_nothing_answers_is_refused_at_once(address):
    with pytest.raises(UserError, match="cannot join a Ray cluster"):
        running(Options(ray_address=address)).__enter__()

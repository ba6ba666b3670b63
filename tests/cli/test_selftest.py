"""Tests of `reproduce selftest`, over a few made-up measurements."""

from __future__ import annotations

import json

import pytest

from reproduce.judge import selftest
from reproduce.judge.scenarios import WRONG_SUPPORT
from reproduce.judge.selftest import Measured

KEPT = Measured("margin, no gain", WRONG_SUPPORT, 0.04, 0.01, 400, True)
BROKEN = Measured("margin, no gain", WRONG_SUPPORT, 0.20, 0.01, 400, False)


@pytest.fixture
def measure(monkeypatch):
    """Lets a test say what is measured."""

    def say(*found):
        monkeypatch.setattr(selftest, "selftest", lambda *, runs, seed: iter(found))

    return say


def test_kept_promises_end_well(call, measure):
    measure(KEPT)
    result = call("selftest")
    assert result.status == 0
    assert "<= 5%    4.0% ± 1.0" in result.out
    assert "1 of 1 promises kept, 400 simulations" in result.out


def test_a_broken_promise_ends_with_status_1(call, measure):
    measure(KEPT, BROKEN)
    result = call("selftest")
    assert result.status == 1
    assert "20.0% ± 1.0  BROKEN" in result.out
    assert "1 of 2 promises kept" in result.out


def test_json_has_every_measurement(call, measure):
    measure(KEPT, BROKEN)
    result = call("selftest", "--json")
    assert [m["kept"] for m in json.loads(result.out)] == [True, False]

"""Exchange rates read off learning curves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import isotonic_regression

from reproduce.statistics.exchange import isotonic, worth

AMOUNTS = np.array([0.0, 100.0, 200.0, 400.0])


def curves(shift: float, noise: float = 0.0, units: int = 8) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    plain = np.tile(50 + AMOUNTS / 10, (units, 1)) + noise * rng.normal(size=(units, 4))
    return plain, np.tile(50 + (AMOUNTS + shift) / 10, (units, 1))


@pytest.mark.parametrize("at", [0, 1, 2])
def test_data_that_stand_for_150_sentences_are_worth_150(at: int) -> None:
    found = worth(AMOUNTS, *curves(150), at=at)
    assert found.value == pytest.approx(150)
    assert found.low == pytest.approx(150) == pytest.approx(found.high)
    assert found.bounded


def test_the_interval_widens_with_noise_and_holds_the_truth() -> None:
    found = worth(AMOUNTS, *curves(150, noise=2.0))
    assert found.low < 150 < found.high
    assert found.high - found.low > 10


def test_what_lies_beyond_the_curve_is_a_bound() -> None:
    found = worth(AMOUNTS, *curves(900))
    assert found.value == 400
    assert not found.bounded


def test_data_that_do_harm_are_worth_less_than_nothing() -> None:
    assert worth(AMOUNTS, *curves(-60), at=1).value == pytest.approx(-60)


def test_a_curve_that_falls_is_made_monotone() -> None:
    plain = np.array([[50.0, 58.0, 56.0, 70.0]] * 4)
    added = np.array([[57.0, 60.0, 62.0, 75.0]] * 4)
    assert worth(AMOUNTS, plain, added).value == pytest.approx(200)


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=12))
@settings(deadline=None)
def test_isotonic_regression_is_that_of_scipy(values: list[float]) -> None:
    x = np.array(values)
    np.testing.assert_allclose(isotonic(x), isotonic_regression(x).x, atol=1e-9)


def test_curves_of_different_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="amounts"):
        worth(AMOUNTS, np.zeros((3, 4)), np.zeros((3, 3)))

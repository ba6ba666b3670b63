"""What a design can conclude before it is run."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MOST_UNITS = 10_000  # a design that needs more is called hopeless


def t_power(effect: float, n: npt.ArrayLike, alpha: float) -> Floats:
    """Power of the one-sided one-sample t test.

    Args:
        effect: true mean beyond the margin, in units of the standard deviation.
        n: numbers of units, any shape, at least 2 each.
        alpha: level of the one-sided test.
    """
    from scipy.special import nctdtr, stdtrit

    units = np.asarray(n, dtype=np.float64)
    critical = stdtrit(units - 1, 1 - alpha)
    # Where power is 1 to the last bit, nctdtr may give NaN.
    cumulative = np.nan_to_num(nctdtr(units - 1, effect * np.sqrt(units), critical), nan=0.0)
    return np.asarray(1 - cumulative, dtype=np.float64)


def tost_power(tolerance: float, n: int, alpha: float) -> float:
    """Power of two one-sided t tests where the true difference is nil.

    Exact: the normal probability integrated over the distribution of the standard deviation.

    Args:
        tolerance: half-width of the region of equivalence, in units of the standard deviation.
        n: number of units, at least 2.
        alpha: level of each one-sided test.
    """
    from scipy.special import chdtri, gammaln, ndtr, stdtrit

    df = n - 1
    critical = float(stdtrit(df, 1 - alpha))
    lowest = float(np.sqrt(chdtri(df, 1 - 1e-12) / df))
    highest = min(float(np.sqrt(chdtri(df, 1e-12) / df)), tolerance * n**0.5 / critical)
    if highest <= lowest:
        return 0.0
    nodes, weights = np.polynomial.legendre.leggauss(200)
    s = lowest + (nodes + 1) / 2 * (highest - lowest)
    log_density = np.log(2 * s) + df / 2 * np.log(df / 2) - gammaln(df / 2)
    log_density += (df - 2) * np.log(s) - df * s**2 / 2
    inside = 2 * ndtr(tolerance * n**0.5 - critical * s) - 1
    return float((weights * np.exp(log_density) * inside).sum() * (highest - lowest) / 2)


def minimum_detectable_effect(n: int, alpha: float, power: float = 0.8) -> float:
    """True effect beyond the margin that is detected with that power, in units of the sd.

    Raises:
        ValueError: fewer than two units.
    """
    _check_units(n)
    return _solve(lambda effect: float(t_power(effect, n, alpha)), power)


def tost_tolerance(n: int, alpha: float, power: float = 0.8) -> float:
    """Tolerance at which a true equality is shown with that power, in units of the sd.

    Raises:
        ValueError: fewer than two units.
    """
    _check_units(n)
    return _solve(lambda tolerance: tost_power(tolerance, n, alpha), power)


def seeds_needed(
    effect: float, sd: float, alpha: float, power: float = 0.8, *, floor: float = 0.0
) -> int | None:
    """Units for that power against a true effect beyond the margin, both in points.

    Args:
        effect: distance of the true mean from the margin.
        sd: standard deviation over units.
        alpha: level of the one-sided test.
        power: wanted.
        floor: variance of the mean that more units leave as it is, such as the test sentences'.

    None if no feasible number is enough.
    """
    if effect <= 0:
        return None
    if sd <= 0 and floor <= 0:
        return 2
    return _smallest(
        lambda n: float(t_power(effect / (sd**2 + n * floor) ** 0.5, n, alpha)) >= power
    )


def seeds_for_tolerance(
    tolerance: float, sd: float, alpha: float, power: float = 0.8
) -> int | None:
    """Units that show a true equality within `tolerance` points with that power, or None."""
    if tolerance <= 0:
        return None
    if sd <= 0:
        return 2
    return _smallest(lambda n: tost_power(tolerance / sd, n, alpha) >= power)


def sd_interval(sd: float, n: int, level: float = 0.95) -> tuple[float, float]:
    """Where the true standard deviation lies, given that of `n` normal values (chi-square).

    Raises:
        ValueError: fewer than two units.
    """
    from scipy.special import chdtri

    _check_units(n)
    df = n - 1
    low, high = (sd * (df / float(chdtri(df, tail))) ** 0.5 for tail in _tails(level))
    return low, high


def _tails(level: float) -> tuple[float, float]:
    return (1 - level) / 2, (1 + level) / 2


def half_width(n: int, alpha: float) -> float:
    """Distance from the mean to its one-sided (1 - alpha) bound, in units of the sd.

    Raises:
        ValueError: fewer than two units.
    """
    from scipy.special import stdtrit

    _check_units(n)
    return float(stdtrit(n - 1, 1 - alpha) / n**0.5)


def seeds_for_half_width(width: float, sd: float, alpha: float) -> int | None:
    """Units whose half-width, in points, is below `width`, or None."""
    if width <= 0:
        return None
    return _smallest(lambda n: bool(half_width(n, alpha) * sd < width))


def _check_units(n: int) -> None:
    if n < 2:
        raise ValueError("nothing can be concluded from fewer than two units")


def _solve(function: Callable[[float], float], target: float) -> float:
    """The x > 0 at which a rising function reaches the target."""
    from scipy.optimize import brentq

    high = 1.0
    while function(high) < target:
        high *= 2
    return float(brentq(lambda x: function(x) - target, 0.0, high, xtol=1e-10))


def _smallest(enough: Callable[[int], bool]) -> int | None:
    """The smallest number of units from 2 on that is enough; the property is monotone."""
    low, high = 1, 2
    while not enough(high):
        if high >= MOST_UNITS:
            return None
        low, high = high, min(high * 2, MOST_UNITS)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high

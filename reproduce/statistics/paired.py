"""One mean and its t inference: the summary that every verdict is made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# Differences of scores are sums of rounded divisions: equal in exact arithmetic, they may differ
# in the last bits, and a t over such dust would be astronomically large.
DUST = 1e-9


@dataclass(frozen=True)
class Summary:
    """A mean with its standard error.

    Attributes:
        mean: of the values, in their unit.
        se: standard error of the mean; 0 if the values do not vary.
        df: degrees of freedom of `se`.
        n: number of units.
        sd: standard deviation over units.
        floor: part of the squared standard error that more units leave as it is.
    """

    mean: float
    se: float
    df: float
    n: int
    sd: float
    floor: float = 0.0

    @property
    def testable(self) -> bool:
        """Whether a t inference is possible at all: two units or more, and some variance."""
        return self.n >= 2 and self.df > 0 and self.se > 0

    @property
    def spread(self) -> float:
        """Standard deviation of what is independent between units."""
        return float((max(0.0, self.se**2 - self.floor) * self.n) ** 0.5)

    def needed(self, distance: float, alpha: float, power: float = 0.8) -> int | None:
        """Units that would tell a true mean so far from a bound from it; None if no number."""
        from reproduce.statistics.power import seeds_needed

        return seeds_needed(distance, self.spread, alpha, power, floor=self.floor)


def summarise(values: npt.ArrayLike) -> Summary:
    """Mean, standard error and degrees of freedom of independent values, shape [units].

    Raises:
        ValueError: no values, or one that is not finite.
    """
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 1 or x.size == 0:
        raise ValueError("a summary needs at least one value")
    if not np.isfinite(x).all():
        raise ValueError("a value is not a finite number")
    n = int(x.size)
    mean = float(x.mean())
    sd = float(x.std(ddof=1)) if n > 1 else 0.0
    if sd <= DUST * max(1.0, float(np.abs(x).max())):
        sd = 0.0
    return Summary(mean=mean, se=sd / n**0.5, df=float(n - 1), n=n, sd=sd)


def p_above(summary: Summary, bound: float) -> float:
    """One-sided p of "the mean is at most `bound`"; 1 where nothing can be tested."""
    from scipy.special import stdtr

    if not summary.testable:
        return 1.0
    return float(stdtr(summary.df, -(summary.mean - bound) / summary.se))


def p_below(summary: Summary, bound: float) -> float:
    """One-sided p of "the mean is at least `bound`"; 1 where nothing can be tested."""
    from scipy.special import stdtr

    if not summary.testable:
        return 1.0
    return float(stdtr(summary.df, (summary.mean - bound) / summary.se))


def p_inside(summary: Summary, low: float, high: float) -> float:
    """Two one-sided tests: p of "the mean is not between `low` and `high`" (Schuirmann 1987)."""
    return max(p_above(summary, low), p_below(summary, high))


def p_outside(summary: Summary, low: float, high: float) -> float:
    """P of "the mean is between `low` and `high`", two-sided.

    It is below alpha exactly if the two-sided (1 - alpha) interval lies wholly outside. With the
    (1 - 2 alpha) interval of the equivalence test the error would reach 2 alpha for a region that
    is small against the standard error.
    """
    return min(1.0, 2.0 * min(p_above(summary, high), p_below(summary, low)))


def quantile(df: float, probability: float) -> float:
    """Quantile of Student's t."""
    from scipy.special import stdtrit

    return float(stdtrit(df, probability))


@dataclass(frozen=True)
class Interval:
    """A two-sided interval."""

    low: float
    high: float
    level: float


def interval(summary: Summary, level: float) -> Interval | None:
    """The two-sided t interval; None where nothing can be tested."""
    if not summary.testable:
        return None
    half = quantile(summary.df, 0.5 + level / 2) * summary.se
    return Interval(low=summary.mean - half, high=summary.mean + half, level=level)

"""Intervals of proportions, which stay sensible at 0 and 100 %."""

from __future__ import annotations

from reproduce.statistics.paired import Interval


def wilson(successes: float, total: float, level: float = 0.95) -> Interval:
    """Wilson's score interval, in percent.

    Raises:
        ValueError: not 0 <= successes <= total, or nothing counted.
    """
    from scipy.special import ndtri

    if not 0 <= successes <= total or total <= 0:
        raise ValueError("a proportion needs 0 <= successes <= total and something counted")
    z = float(ndtri(0.5 + level / 2))
    share = successes / total
    centre = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * (share * (1 - share) / total + z * z / (4 * total**2)) ** 0.5
    low, high = max(0.0, centre - half), min(1.0, centre + half)
    return Interval(low=100 * low, high=100 * high, level=level)

"""Sign flips and bootstraps: other looks at the same differences."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

EXACT_UP_TO = 16  # units; 2^16 sign patterns
DRAWS = 20_000  # sign patterns beyond that


def sign_flip_p(values: npt.ArrayLike, bound: float) -> float:
    """One-sided p of "symmetric about `bound` or less" over all sign patterns of the differences.

    Exact up to 16 units, then over 20,000 random patterns. Never below 2^-n.
    """
    d = np.asarray(values, dtype=np.float64) - bound
    n = d.size
    if n == 0:
        return 1.0
    if n <= EXACT_UP_TO:
        patterns = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
        sums = (1 - 2 * patterns) @ d
        return float((sums >= d.sum() - 1e-9 * np.abs(d).sum()).mean())
    signs = np.random.default_rng(0).choice([-1.0, 1.0], size=(DRAWS, n))
    reached = (signs @ d >= d.sum() - 1e-9 * np.abs(d).sum()).sum()
    return float((reached + 1) / (DRAWS + 1))


def crossed_bootstrap(
    values: npt.ArrayLike, *, level: float = 0.95, resamples: int = 1000, seed: int = 0
) -> tuple[float, float]:
    """Percentile interval of the mean when rows and columns are both drawn again.

    A description only: with fewer than about 20 rows such intervals are too narrow.
    """
    y = np.asarray(values, dtype=np.float64)  # [rows, columns]
    n, m = y.shape
    rng = np.random.default_rng(seed)
    rows = rng.multinomial(n, np.full(n, 1 / n), size=resamples) / n
    means = np.empty(resamples)
    for start in range(0, resamples, 100):  # in blocks, so that memory stays small
        block = rows[start : start + 100] @ y
        weights = rng.multinomial(m, np.full(m, 1 / m), size=len(block)) / m
        means[start : start + 100] = (block * weights).sum(axis=1)
    low, high = np.quantile(means, [0.5 - level / 2, 0.5 + level / 2])
    return float(low), float(high)

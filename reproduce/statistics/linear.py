"""Scores linearised per sentence, so that a ratio of sums can be treated like a mean."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def influence(metric: str, rows: npt.ArrayLike) -> Floats:
    """Influence of each sentence on the score of all of them, in points; sums to nil.

    The first-order change of the ratio of sums: (numerator_i - score denominator_i) / denominator.

    Args:
        metric: `accuracy`, `share` or `span_f1`.
        rows: per-sentence statistics, [sentences, columns].

    Raises:
        ValueError: no such metric, or nothing to score.
    """
    s = np.asarray(rows, dtype=np.float64)
    if metric in ("accuracy", "share"):
        above, below = s[:, 0], s[:, 1]
    elif metric == "span_f1":
        above, below = 2 * s[:, 0], s[:, 1] + s[:, 2]
    else:
        raise ValueError(f"no metric is called {metric!r}")
    total = below.sum()
    if total <= 0:
        raise ValueError("there is nothing to score")
    return np.asarray(100.0 * (above - above.sum() / total * below) / total)


def by_cluster(values: npt.ArrayLike, index: npt.ArrayLike, clusters: int) -> Floats:
    """Sum of the values of each cluster; `index` is the cluster of each value, from 0."""
    i = np.asarray(index, dtype=np.int64)
    v = np.asarray(values, dtype=np.float64)
    return np.asarray(np.bincount(i, weights=v, minlength=clusters))

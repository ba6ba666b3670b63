"""Scores as functions of summed per-sentence statistics."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def score(metric: str, sums: npt.ArrayLike) -> Floats:
    """Score in percent.

    Args:
        metric: `accuracy` of (correct, total), `share` of (part, whole), or `span_f1` of
            (matched, predicted, gold).
        sums: summed statistics, shape [..., columns].

    Returns:
        Shape [...]; NaN where there is nothing to score, so that it never passes for a number.

    Raises:
        ValueError: no such metric.
    """
    s = np.asarray(sums, dtype=np.float64)
    if metric in ("accuracy", "share"):
        above, below = s[..., 0], s[..., 1]
    elif metric == "span_f1":
        above, below = 2 * s[..., 0], s[..., 1] + s[..., 2]
    else:
        raise ValueError(f"no metric is called {metric!r}")
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(below > 0, 100.0 * above / below, np.nan))


def segment_sums(statistics: npt.ArrayLike, starts: npt.ArrayLike, stops: npt.ArrayLike) -> Ints:
    """Column sums of the rows `start` to `stop` of each segment, shape [segments, columns]."""
    s = np.asarray(statistics, dtype=np.int64)
    running = np.zeros((s.shape[0] + 1, s.shape[1]), dtype=np.int64)
    np.cumsum(s, axis=0, out=running[1:])
    return np.asarray(running[np.asarray(stops)] - running[np.asarray(starts)])

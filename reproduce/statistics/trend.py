"""Trends over ordered layers, one number per unit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def slopes(curves: npt.ArrayLike, positions: npt.ArrayLike) -> Floats:
    """Least-squares slope over the positions, per unit; `curves` is [units, layers]."""
    y, x = np.asarray(curves, dtype=np.float64), np.asarray(positions, dtype=np.float64)
    centred = x - x.mean()
    return np.asarray(y @ centred / (centred**2).sum())


def rank_correlations(curves: npt.ArrayLike, positions: npt.ArrayLike) -> Floats:
    """Spearman's rho with the positions, per unit; NaN where a curve is flat."""
    from scipy.stats import rankdata

    ranks = rankdata(np.asarray(curves, dtype=np.float64), axis=1)
    order = rankdata(np.asarray(positions, dtype=np.float64))
    a = ranks - ranks.mean(axis=1, keepdims=True)
    b = order - order.mean()
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(a @ b / np.sqrt((a**2).sum(axis=1) * (b**2).sum()))

"""Several tests at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def _checked(p_values: npt.ArrayLike) -> Floats:
    p = np.asarray(p_values, dtype=np.float64)
    if p.ndim != 1 or not ((p >= 0) & (p <= 1)).all():
        raise ValueError("p-values must lie between 0 and 1")
    return p


def holm(p_values: npt.ArrayLike, size: int | None = None) -> Floats:
    """Holm's adjusted p-values, in the order given.

    Args:
        p_values: shape [tests].
        size: number of tests in the family; those not given count as p = 1.
    """
    p = _checked(p_values)
    total = p.size if size is None else max(size, p.size)
    order = np.argsort(p, kind="stable")
    steps = p[order] * (total - np.arange(p.size))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(steps))
    return adjusted


def benjamini_hochberg(p_values: npt.ArrayLike) -> Floats:
    """Benjamini and Hochberg's adjusted p-values, in the order given."""
    p = _checked(p_values)
    order = np.argsort(-p, kind="stable")
    steps = p[order] * p.size / (p.size - np.arange(p.size))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(steps))
    return adjusted


def every(p_values: npt.ArrayLike) -> float:
    """P of "not all alternatives hold": the largest (intersection-union, no correction needed)."""
    p = _checked(p_values)
    return float(p.max()) if p.size else 1.0


def some(p_values: npt.ArrayLike) -> float:
    """P of "no alternative holds": Holm's smallest adjusted p, valid under any dependence."""
    p = _checked(p_values)
    return min(1.0, float(p.min()) * p.size) if p.size else 1.0


def at_least(p_values: npt.ArrayLike, u: int) -> float:
    """P of "fewer than `u` alternatives hold" under any dependence (Benjamini and Heller 2008).

    Bonferroni over the partial conjunction: (L - u + 1) p_(u).
    """
    p = np.sort(_checked(p_values))
    if not 1 <= u <= p.size:
        raise ValueError(f"u must lie between 1 and {p.size}, not {u}")
    return min(1.0, float(p[u - 1]) * (p.size - u + 1))

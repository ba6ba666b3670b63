"""The exchange rate of two kinds of training data, from learning curves with and without one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_DRAWS = 2000


class Worth(NamedTuple):
    """How many sentences of the first kind the added data are worth, with a percentile interval.

    `bounded` is False where the curve without them does not reach the score with them in enough of
    the draws: the upper end is then only a lower bound.
    """

    value: float
    low: float
    high: float
    bounded: bool


def worth(amounts: Floats, plain: Floats, added: Floats, *, at: int = 0, seed: int = 0) -> Worth:
    """What the added data are worth where there are `amounts[at]` sentences of the first kind.

    The curve without them is made monotone (isotonic regression over the means) and read backwards
    at the score with them, linear between amounts. Units are drawn with replacement, paired.

    Args:
        amounts: of the first kind, ascending, [amounts].
        plain: scores without the added data, [units, amounts].
        added: scores with them, [units, amounts].
        at: which amount.
        seed: of the draws.

    Raises:
        ValueError: fewer than two amounts, or shapes that differ.
    """
    if len(amounts) < 2 or plain.shape != added.shape or plain.shape[1] != len(amounts):
        raise ValueError(f"{len(amounts)} amounts, scores of {plain.shape} and {added.shape}")
    rng = np.random.default_rng(seed)
    units = rng.integers(len(plain), size=(_DRAWS, len(plain)))
    found = np.array([_read_back(amounts, plain[u], added[u], at) for u in units])
    value = _read_back(amounts, plain, added, at)
    low, high = np.quantile(found, [0.025, 0.975])
    most = amounts[-1] - amounts[at]
    bounded = value < most and float(np.mean(found >= most)) < 0.025
    return Worth(float(value), float(low), float(high), bool(bounded))


def _read_back(amounts: Floats, plain: Floats, added: Floats, at: int) -> float:
    curve = isotonic(plain.mean(axis=0))
    target = added[:, at].mean()
    if target >= curve[-1]:
        return float(amounts[-1] - amounts[at])
    # Of a flat stretch the last amount counts: all of it has the same score.
    keep = np.append(np.diff(curve) > 0, True)
    return float(np.interp(target, curve[keep], amounts[keep]) - amounts[at])


def isotonic(values: Floats) -> Floats:
    """The closest sequence, by least squares, that never falls (pool adjacent violators)."""
    blocks: list[tuple[float, int]] = []
    for value in values:
        blocks.append((float(value), 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (b, m), (a, n) = blocks.pop(), blocks.pop()
            blocks.append(((a * n + b * m) / (n + m), n + m))
    return np.concatenate([np.full(n, value) for value, n in blocks])

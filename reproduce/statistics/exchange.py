"""The exchange rate of two kinds of training data, from learning curves with and without one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_STEPS = 2000  # of the amounts at which the interval is looked for


class Worth(NamedTuple):
    """How many sentences of the first kind the added data are worth, with an interval.

    `bounded` is False where the curve without them does not surely reach the score with them: the
    upper end is then only the end of the curve.
    """

    value: float
    low: float
    high: float
    bounded: bool


def worth(
    amounts: Floats, plain: Floats, added: Floats, *, at: int = 0, level: float = 0.95
) -> Worth:
    """What the added data are worth where there are `amounts[at]` sentences of the first kind.

    The value: the curve without them, made monotone (isotonic regression over the means), read
    backwards at the score with them. The interval: all numbers of sentences at which a paired t
    test over units finds neither the added data nor so many sentences in the lead. Between amounts
    curves are straight.

    Args:
        amounts: of the first kind, ascending, [amounts].
        plain: scores without the added data, [units, amounts].
        added: scores with them, [units, amounts].
        at: which amount.
        level: of the interval, which is the whole curve where units do not vary or are one.

    Raises:
        ValueError: fewer than two amounts, or shapes that differ.
    """
    if len(amounts) < 2 or plain.shape != added.shape or plain.shape[1] != len(amounts):
        raise ValueError(f"{len(amounts)} amounts, scores of {plain.shape} and {added.shape}")
    value = _read_back(amounts, plain, added, at)
    most, least = amounts[-1] - amounts[at], amounts[0] - amounts[at]
    if len(plain) < 2:
        return Worth(float(value), float(least), float(most), bounded=False)
    where = np.union1d(amounts, np.linspace(amounts[0], amounts[-1], _STEPS + 1))
    curves = np.stack([np.interp(where, amounts, row) for row in plain])
    leads = added[:, [at]] - curves
    half = _half_width(leads, level)
    open_ = np.abs(leads.mean(axis=0)) <= half
    if not open_.any():  # the curve jumps past the score between two steps, or ends before it
        return Worth(float(value), float(value), float(value), bounded=bool(value < most))
    low, high = where[open_][[0, -1]] - amounts[at]
    return Worth(
        value=float(value),
        low=float(min(low, value)),
        high=float(max(high, value)),
        bounded=bool(high < most and value < most),
    )


def _half_width(leads: Floats, level: float) -> Floats:
    from reproduce.statistics.paired import quantile

    units = len(leads)
    error: Floats = leads.std(axis=0, ddof=1) / np.sqrt(units)
    return quantile(units - 1, 0.5 + level / 2) * error


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

"""Units crossed with sentences: the same test set is scored by every unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reproduce.statistics.paired import DUST, Summary

Floats = npt.NDArray[np.float64]


# With three or four units Satterthwaite's degrees of freedom are too many where two sources are
# alike: a nominal 5 % is 6 % then (20,000 simulations). There the plain weighted harmonic mean of
# the sources' degrees of freedom bounds them, which keeps 5 %.
FEW = 5


@dataclass(frozen=True)
class Crossed:
    """A two-way random-effects analysis with one value per row and column.

    Attributes:
        summary: grand mean, with its standard error over new rows and new columns.
        rows: contribution of the rows (units) to the variance of the mean.
        columns: contribution of the columns (sentences).
        residual: what is left: rows by columns.
    """

    summary: Summary
    rows: float
    columns: float
    residual: float


def crossed(values: npt.ArrayLike) -> Crossed:
    """Variance components by the method of moments, degrees of freedom by Satterthwaite.

    Nested formulae would take the sentences of different units for different ones; they are the
    same, so a test set that happens to suit one arm suits it in every unit.

    Args:
        values: [rows, columns], two of each at least.

    Raises:
        ValueError: too few rows or columns, or a value that is not finite.
    """
    y = np.asarray(values, dtype=np.float64)
    if y.ndim != 2 or min(y.shape) < 2:
        raise ValueError("a crossed analysis needs two rows and two columns at least")
    if not np.isfinite(y).all():
        raise ValueError("a value is not a finite number")
    n, m = y.shape
    mean = float(y.mean())
    row_means, column_means = y.mean(axis=1), y.mean(axis=0)
    ms_rows = float(m * ((row_means - mean) ** 2).sum() / (n - 1))
    ms_columns = float(n * ((column_means - mean) ** 2).sum() / (m - 1))
    rest = y - row_means[:, None] - column_means[None, :] + mean
    ms_rest = float((rest**2).sum() / ((n - 1) * (m - 1)))
    df_rows, df_columns, df_rest = n - 1, m - 1, (n - 1) * (m - 1)
    rows = max(0.0, ms_rows - ms_rest) / (n * m)
    columns = max(0.0, ms_columns - ms_rest) / (n * m)
    residual = ms_rest / (n * m)
    # A component estimated below nil is nil; then its mean square drops out of the sum.
    if rows > 0 and columns > 0:
        terms = [(ms_rows, df_rows), (ms_columns, df_columns), (-ms_rest, df_rest)]
    elif rows > 0:
        terms = [(ms_rows, df_rows)]
    elif columns > 0:
        terms = [(ms_columns, df_columns)]
    else:
        terms = [(ms_rest, df_rest)]
    total = sum(ms for ms, _ in terms)
    scale = sum(ms**2 / df for ms, df in terms)
    se = float((max(0.0, total) / (n * m)) ** 0.5)
    if se <= DUST * max(1.0, float(np.abs(y).max())) / (n * m) ** 0.5:
        se = 0.0
    df = float(total**2 / scale) if scale > 0 else 0.0
    if min(n, m) < FEW and rows + columns + residual > 0:
        parts = rows / df_rows + columns / df_columns + residual / df_rest
        df = min(df, (rows + columns + residual) / parts)
    sd = float(row_means.std(ddof=1))
    return Crossed(
        summary=Summary(mean=mean, se=se, df=df, n=n, sd=sd, floor=min(columns, se**2)),
        rows=rows,
        columns=columns,
        residual=residual,
    )

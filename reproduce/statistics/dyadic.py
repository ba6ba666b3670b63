"""Pairs of things that share members: en-de and en-fr are not independent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from reproduce.statistics.paired import DUST, Summary


def dyadic_summary(values: npt.ArrayLike, pairs: Sequence[tuple[str, str]]) -> Summary:
    """Mean over pairs, its standard error by leaving out one member with all of its pairs.

    The jackknife of a U-statistic (Arvesen 1969): it allows any dependence between pairs that
    share a member, and errs towards the wide side (Efron and Stein 1981). Robust "sandwich"
    estimators cover 91 to 94 % here for nominal 95 % with 5 to 25 members.

    Args:
        values: one a pair.
        pairs: the two members of each.

    Raises:
        ValueError: no pairs, different numbers of both, or a value that is not finite.
    """
    y = np.asarray(values, dtype=np.float64)
    if y.ndim != 1 or y.size == 0 or y.size != len(pairs) or not np.isfinite(y).all():
        raise ValueError("a value for each pair is needed, all of them finite numbers")
    members = sorted({member for pair in pairs for member in pair})
    without = np.array([[member not in pair for pair in pairs] for member in members])
    mean, g = float(y.mean()), len(members)
    sd = float(y.std(ddof=1)) if y.size > 1 else 0.0
    if not without.any(axis=1).all():  # one member is in every pair: nothing is left without it
        return Summary(mean=mean, se=0.0, df=0.0, n=int(y.size), sd=sd)
    left = (without @ y) / without.sum(axis=1)
    se = float(((g - 1) / g * ((left - left.mean()) ** 2).sum()) ** 0.5)
    if se <= DUST * max(1.0, float(np.abs(y).max())):
        se = 0.0
    return Summary(mean=mean, se=se, df=float(g - 1), n=int(y.size), sd=sd)

"""Within against across groups of things that are compared pairwise, by permuting the groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import factorial, prod

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

EXACT_UP_TO = 20_000  # assignments of groups; beyond that so many random ones
_BLOCK = 1000


@dataclass(frozen=True, eq=False)
class Gap:
    """By how much the mean of pairs within a group exceeds that across groups.

    Attributes:
        mean: over the things that have both, in the values' unit.
        each: gap of each thing; NaN where it has no relative, or nothing else.
        permuted: the statistic of the values under every assignment, the true one first.
        shares: the same of the indicator "within a group", 1 for the true assignment.
    """

    mean: float
    each: Floats
    permuted: Floats
    shares: Floats

    def p_above(self, bound: float) -> float:
        """P of "the groups do not matter but for a gap of `bound` at most"."""
        return float((self._lead(bound) >= -self._dust).mean())

    def p_below(self, bound: float) -> float:
        """P of "the groups do not matter but for a gap of `bound` at least"."""
        return float((self._lead(bound) <= self._dust).mean())

    def interval(self, level: float) -> tuple[float | None, float | None]:
        """All gaps that neither one-sided test refuses; None where a side is unbounded."""
        away = 1 - self.shares > 1e-9
        at = np.sort((self.mean - self.permuted[away]) / (1 - self.shares[away]))
        same, total = int((~away).sum()), len(self.shares)
        allowed = int(np.floor((1 - level) / 2 * total - 1e-9)) - same  # of `at`, on either side
        if allowed < 0 or allowed >= len(at):
            return None, None
        return float(at[allowed]), float(at[-1 - allowed])

    def _lead(self, bound: float) -> Floats:
        """Permuted minus true statistic, of the values without a gap of `bound`."""
        true = self.mean - bound
        return np.asarray(self.permuted - bound * self.shares - true)

    @property
    def _dust(self) -> float:
        return 1e-9 * max(1.0, float(np.abs(self.permuted).max()))


def family_gap(values: npt.ArrayLike, groups: Sequence[str], *, seed: int = 0) -> Gap:
    """The gap within against across groups, and the same under permuted groups.

    For each thing t the mean of the values [s, t] over its relatives s minus that over all others;
    then the mean over t. Which things are relatives is permuted, sizes of groups kept: under the
    hypothesis that groups do not matter all assignments are equally likely, however the values of
    pairs that share a thing depend on each other. A gap other than 0 is tested by taking it off
    the values first; what is left must be exchangeable (Pitman 1937; Lehmann and Romano 2005, 5.8).

    Args:
        values: [things, things], from row to column; NaN where unknown, and the diagonal is not
            looked at.
        groups: of each thing.
        seed: of the assignments, where they are too many to try all.

    Raises:
        ValueError: no thing has both kinds of partners.
    """
    m = np.array(values, dtype=np.float64)
    if m.shape != (len(groups),) * 2:
        raise ValueError(f"{len(groups)} things, but the values are {m.shape}")
    np.fill_diagonal(m, np.nan)
    _, labels = np.unique(list(groups), return_inverse=True)
    each = _gaps(m, labels[None])[0]
    if not np.isfinite(each).any():
        raise ValueError("nothing has both a relative and a stranger")
    within = np.where(np.isnan(m), np.nan, labels[:, None] == labels)
    blocks = [
        (np.nanmean(_gaps(m, block), axis=1), np.nanmean(_gaps(within, block), axis=1))
        for block in _blocks(labels, seed)
    ]
    permuted, shares = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
    return Gap(float(np.nanmean(each)), each, permuted, shares)


def matrix_correlation(
    one: npt.ArrayLike, other: npt.ArrayLike, *, permutations: int = 5000, seed: int = 0
) -> tuple[float, float]:
    """Spearman's rho of two symmetric tables over pairs of things, and its one-sided p (Mantel).

    P is of "no negative correlation": the things of one table are permuted. NaN and 1 where a
    table does not vary.
    """
    from scipy.stats import rankdata

    a, b = (np.asarray(v, dtype=np.float64) for v in (one, other))
    upper = np.triu_indices(len(a), 1)
    ranks = np.zeros_like(a)
    ranks[upper] = rankdata(a[upper])
    ranks += ranks.T
    fixed = rankdata(b[upper])
    fixed = fixed - fixed.mean()
    centred = ranks[upper] - ranks[upper].mean()
    below = float(np.sqrt((centred**2).sum() * (fixed**2).sum()))
    if below == 0:
        return float("nan"), 1.0
    rng = np.random.default_rng(seed)
    orders = [rng.permutation(len(a)) for _ in range(permutations)]
    drawn = np.array([ranks[np.ix_(o, o)][upper] @ fixed for o in orders])
    true = float(centred @ fixed)
    reached = int((drawn <= true + 1e-9 * abs(true)).sum())
    return true / below, (reached + 1) / (permutations + 1)


def _gaps(values: Floats, labels: Ints) -> Floats:
    """Gap of each thing under each assignment of labels, [assignments, things]; NaN for none."""
    known = np.isfinite(values)
    filled = np.where(known, values, 0.0)
    alike = labels[:, :, None] == labels[:, None, :]  # [assignments, from, to]
    same, apart = alike & known, ~alike & known
    with np.errstate(invalid="ignore", divide="ignore"):
        within = (same * filled).sum(axis=1) / same.sum(axis=1)
        across = (apart * filled).sum(axis=1) / apart.sum(axis=1)
    return np.asarray(within - across)


def _blocks(labels: Ints, seed: int) -> Iterator[Ints]:
    """Assignments in blocks, the true one first."""
    every = _every_assignment(tuple(labels.tolist()), seed)
    for start in range(0, len(every), _BLOCK):
        yield every[start : start + _BLOCK]


@lru_cache(maxsize=16)
def _every_assignment(labels: tuple[int, ...], seed: int) -> Ints:
    """All assignments of the labels, or many random ones where there are too many."""
    counts = [labels.count(label) for label in sorted(set(labels))]
    total = factorial(len(labels)) // prod(factorial(c) for c in counts)
    if total <= EXACT_UP_TO:
        others = [a for a in _assignments(counts, len(labels)) if tuple(a) != labels]
        return np.array([labels, *others])
    rng = np.random.default_rng(seed)
    drawn = [rng.permutation(labels) for _ in range(EXACT_UP_TO)]
    return np.array([labels, *drawn])


def _assignments(left: list[int], places: int) -> Iterator[list[int]]:
    if places == 0:
        yield []
        return
    for label, count in enumerate(left):
        if count:
            rest = [c - (i == label) for i, c in enumerate(left)]
            for tail in _assignments(rest, places - 1):
                yield [label, *tail]

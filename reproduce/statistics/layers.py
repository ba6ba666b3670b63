"""Which layer is best: leads of one layer over another, and how often each comes out on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reproduce.statistics.crossed import crossed
from reproduce.statistics.paired import DUST

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Leads:
    """How far each layer leads each other one in one task, paired by unit.

    Attributes:
        mean: [layers, layers], mean of layer l minus layer k at [l, k].
        se: [layers, layers], its standard error; 0 where it does not vary.
        df: [layers, layers], degrees of freedom of `se`.
        n: number of units.
    """

    mean: Floats
    se: Floats
    df: Floats
    n: int

    def p_exceeds(self, tolerance: float) -> Floats:
        """P of "l leads k by at most `tolerance`", [l, k]; 1 where nothing can be tested."""
        return self._p(self.mean - tolerance)

    def p_below(self, tolerance: float) -> Floats:
        """P of "l leads k by at least `tolerance`", [l, k]; 1 where nothing can be tested."""
        return self._p(tolerance - self.mean)

    def _p(self, distance: Floats) -> Floats:
        from scipy.special import stdtr

        if self.n < 2:
            return np.ones_like(self.mean)
        testable = (self.se > 0) & (self.df > 0)
        t = np.divide(distance, self.se, out=np.zeros_like(distance), where=testable)
        return np.asarray(np.where(testable, stdtr(np.maximum(self.df, 1e-9), -t), 1.0))


def leads(curves: npt.ArrayLike) -> Leads:
    """Pairwise leads of the layers of one task; `curves` is [units, layers].

    Raises:
        ValueError: fewer than one unit or two layers, or a score that is not finite.
    """
    y = np.asarray(curves, dtype=np.float64)
    if y.ndim != 2 or y.shape[0] < 1 or y.shape[1] < 2:
        raise ValueError("leads need one unit and two layers at least")
    if not np.isfinite(y).all():
        raise ValueError("a score is not a finite number")
    n = y.shape[0]
    difference = y[:, :, None] - y[:, None, :]
    sd = difference.std(axis=0, ddof=1) if n > 1 else np.zeros(difference.shape[1:])
    sd[sd <= DUST * max(1.0, float(np.abs(y).max()))] = 0.0
    df = np.full(sd.shape, float(n - 1))
    return Leads(mean=difference.mean(axis=0), se=sd / n**0.5, df=df, n=n)


def crossed_leads(matrices: npt.ArrayLike) -> Leads:
    """Pairwise leads over new units and new sentences; `matrices` is [layers, units, sentences].

    Raises:
        ValueError: fewer than two layers, units or sentences, or a value that is not finite.
    """
    y = np.asarray(matrices, dtype=np.float64)
    if y.ndim != 3 or min(y.shape) < 2:
        raise ValueError("crossed leads need two layers, units and sentences at least")
    layers = y.shape[0]
    mean, se, df = (np.zeros((layers, layers)) for _ in range(3))
    for high in range(layers):
        for low in range(high):
            s = crossed(y[high] - y[low]).summary
            mean[high, low], mean[low, high] = s.mean, -s.mean
            se[high, low] = se[low, high] = s.se
            df[high, low] = df[low, high] = s.df
    return Leads(mean=mean, se=se, df=df, n=y.shape[1])


@dataclass(frozen=True, eq=False)
class BestLayer:
    """Tests of "layer k is within the tolerance of the best layer in every task", per k.

    Attributes:
        p_differs: p of that statement, [layers]; the best layers differ if all are small.
        p_shared: p of its contrary, [layers], already corrected for the choice of k; layer k
            serves all tasks if it is small.
        comparisons: tests among which each `p_differs` takes the largest t.
    """

    p_differs: Floats
    p_shared: Floats
    comparisons: int

    @property
    def support(self) -> float:
        """P of "some layer serves all tasks": all k must be rejected, so the largest p."""
        return float(self.p_differs.max())

    @property
    def refute(self) -> float:
        """P of "no layer serves all tasks": the smallest of the corrected p."""
        return float(self.p_shared.min())


def best_layer_differs(tasks: Sequence[Leads], tolerance: float) -> BestLayer:
    """Do tasks differ in their best layer by more than `tolerance`?

    H_k says that no layer leads layer k by more than the tolerance in any task. Its test is a
    max-t over tasks and layers. Few units leave the correlation of the leads unknown, and the
    leads over one layer are dependent (they share its scores, and tasks share seeds), so the
    critical value is Bonferroni's: it keeps the level for normal scores under any dependence, and
    has no floor of 2^-n. (With 8 units and 28 comparisons a sign-flip max-t finds no more at
    alpha .05 and .025, and less below.) The claim needs every H_k rejected:
    an intersection-union test, each at the full level, with no prior choice of the layers on top.

    The contrary, "k serves all tasks", needs all leads over k below the tolerance
    (intersection-union within k); whichever k shows it counts, hence Bonferroni over k.

    Raises:
        ValueError: no tasks, or different numbers of layers.
    """
    shapes = {task.mean.shape for task in tasks}
    if len(shapes) != 1:
        raise ValueError("the tasks must have the same layers")
    layers = tasks[0].mean.shape[0]
    other = ~np.eye(layers, dtype=bool)
    exceeds = np.stack([task.p_exceeds(tolerance) for task in tasks])  # [tasks, l, k]
    below = np.stack([task.p_below(tolerance) for task in tasks])
    comparisons = len(tasks) * (layers - 1)
    smallest = np.where(other, exceeds, 1.0).min(axis=(0, 1))
    largest = np.where(other, below, 0.0).max(axis=(0, 1))
    return BestLayer(
        p_differs=np.minimum(1.0, comparisons * smallest),
        p_shared=np.minimum(1.0, layers * largest),
        comparisons=comparisons,
    )


def selection_frequency(curves: npt.ArrayLike, *, resamples: int = 2000, seed: int = 0) -> Floats:
    """How often each layer has the best mean when units are drawn again; ties share, [layers].

    A description, not an inference: with few units a bootstrap is too narrow.
    """
    y = np.asarray(curves, dtype=np.float64)  # [units, layers]
    n = y.shape[0]
    counts = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=resamples)
    means = counts @ y / n
    best = means >= means.max(axis=1, keepdims=True) - DUST
    return np.asarray((best / best.sum(axis=1, keepdims=True)).mean(axis=0))

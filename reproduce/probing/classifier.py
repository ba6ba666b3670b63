"""Linear probes on held-out data: multinomial logistic regression, fitted in folds."""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt

from reproduce.training.seeds import derive

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

STEPS = 5000  # of the optimizer, at most; it stops long before
TOLERANCE = 1e-5  # largest gradient: the loss is then within 1e-6 of its optimum


def folds_of(groups: npt.ArrayLike, folds: int, seed: int) -> Ints:
    """The fold of each row; rows of one group stay together, groups are dealt out at random."""
    names, index = np.unique(np.asarray(groups), return_inverse=True)
    dealt = np.random.default_rng(derive(seed, "folds")).permutation(len(names)) % folds
    return np.asarray(dealt[index])


def held_out(features: npt.ArrayLike, labels: Ints, fold: Ints, *, strength: float) -> Ints:
    """For each row the label that a probe gives it which was fitted on the other folds.

    Args:
        features: [rows, E].
        labels: [rows].
        fold: [rows].
        strength: inverse of the L2 penalty.
    """
    x = np.asarray(features, dtype=np.float64)
    found = np.empty_like(labels)
    for number in np.unique(fold):
        test = fold == number
        found[test] = fit_and_predict(x[~test], labels[~test], x[test], strength=strength)
    return found


def fit_and_predict(train: Floats, labels: Ints, test: Floats, *, strength: float) -> Ints:
    """Fit on standardised features in float64; the only label, or 0, where there is no choice.

    Warns nothing: a probe that has not converged after 5,000 steps is as good as it gets, and is
    judged on data that it has not seen.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    present = np.unique(labels)
    if len(present) < 2:
        return np.full(len(test), present[0] if len(present) else 0)
    scaler = StandardScaler().fit(train)
    model = LogisticRegression(C=strength, max_iter=STEPS, tol=TOLERANCE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(scaler.transform(train), labels)
    return np.asarray(model.predict(scaler.transform(test)))


def control_labels(types: Ints, labels: Ints, seed: int) -> Ints:
    """A random label for each word type, drawn as often as the true labels are; [rows].

    The control task of Hewitt and Liang (2019): it can only be learned by heart.
    """
    kinds, counts = np.unique(labels, return_counts=True)
    generator = np.random.default_rng(derive(seed, "control"))
    drawn = generator.choice(kinds, size=int(types.max()) + 1, p=counts / counts.sum())
    return np.asarray(drawn[types])

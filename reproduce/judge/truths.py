"""Truths: scores drawn at random around means that are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from reproduce.judge.simulation import SOURCE

Floats = npt.NDArray[np.float64]
Scores = Mapping[str, Floats]

SENTENCES = 60
FOUR = ("xnli", "pawsx", "ner", "pos")


def gains(
    means: Sequence[float] | float, units: int, sd: float = 0.5
) -> Callable[[np.random.Generator], Scores]:
    """A task for each mean gain: the baseline at 50, the treatment above it with noise."""
    each = [means] if isinstance(means, float) else list(means)
    names = ("pos",) if len(each) == 1 else FOUR

    def draw(rng: np.random.Generator) -> Scores:
        return {
            task: np.stack([np.full(units, 50.0), 50 + mean + rng.normal(0, sd, units)])
            for task, mean in zip(names, each, strict=True)
        }

    return draw


def curves(
    means: Sequence[Sequence[float]], units: int, sd: float = 0.5
) -> Callable[[np.random.Generator], Scores]:
    """A task for each curve of mean scores over layers, relative to 50."""

    def draw(rng: np.random.Generator) -> Scores:
        result = {}
        for task, mean in zip(FOUR, means, strict=False):
            full = 50 + np.array([0.0, *mean])[:, None]
            result[task] = full + rng.normal(0, sd, (len(full), units))
        return result

    return draw


def selections(
    layers: int, units: int, correlation: float
) -> Callable[[np.random.Generator], Scores]:
    """Equal layers without gain; a unit's luck on source data goes with that on target data."""

    def draw(rng: np.random.Generator) -> Scores:
        luck = rng.normal(0, 0.5, (layers + 1, units))
        own = rng.normal(0, 0.5, (layers + 1, units))
        source = correlation * luck + (1 - correlation**2) ** 0.5 * own
        return {"pos": 50 + luck, f"pos@{SOURCE}": 50 + source}

    return draw


def random_walks(layers: int, units: int) -> Callable[[np.random.Generator], Scores]:
    """Curves that wander over the layers and go nowhere on average."""

    def draw(rng: np.random.Generator) -> Scores:
        return {FOUR[0]: 50 + rng.normal(0, 0.5, (layers + 1, units)).cumsum(axis=0)}

    return draw


def in_languages(
    means: Sequence[float], units: int, *, shared: float, language: float, rest: float
) -> Callable[[np.random.Generator], Scores]:
    """Gains by language that share the effect of their seed, and differ by a language's own."""

    def draw(rng: np.random.Generator) -> Scores:
        count = len(means)
        effect = np.array(means) + rng.normal(0, shared, (units, 1))
        effect = effect + rng.normal(0, language, (1, count)) + rng.normal(0, rest, (units, count))
        return {"pos": np.stack([np.full((units, count), 50.0), 50 + effect])}

    return draw


def between_languages(
    families: Sequence[str], gap: float
) -> Callable[[np.random.Generator], Scores]:
    """What languages give to each other: easy and hard ones, and the gap within families."""
    same = np.array([[one == other for other in families] for one in families])

    def draw(rng: np.random.Generator) -> Scores:
        n = len(families)
        scores = 60 + rng.normal(0, 4, n) + rng.normal(0, 4, (n, 1)) + rng.normal(0, 2, (n, n))
        return {"pos": (scores + gap * same)[:, None, :]}

    return draw


def in_sentences(
    units: int, *, seed: float, sentence: float, rest: float, count: int = SENTENCES
) -> Callable[[np.random.Generator], Scores]:
    """Gains by sentence: the units' own, the sentences' own, and the rest."""

    def draw(rng: np.random.Generator) -> Scores:
        effect = rng.normal(0, seed, (units, 1)) + rng.normal(0, sentence, (1, count))
        effect = effect + rng.normal(0, rest, (units, count))
        return {"pos": np.stack([np.full((units, count), 50.0), 50 + effect])}

    return draw

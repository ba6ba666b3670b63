"""Similarity: how alike two languages are represented, on sentences of the same meanings."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt

from reproduce.errors import CellError
from reproduce.nouns.cell import Whereabouts
from reproduce.nouns.pair import pair_name
from reproduce.nouns.probe import Similarity
from reproduce.nouns.record import Record
from reproduce.probing.frozen import States, layer_of, one_thread, states_of
from reproduce.probing.record import WHOLE, Part, make_record
from reproduce.training.seeds import stable_hash

Floats = npt.NDArray[np.float64]

FEWEST = 10  # sentences that two languages must share


def compare(cell: Similarity, whereabouts: Whereabouts) -> Record:
    """A share from 0 to 1 for every pair of the evaluated languages, one row each.

    Raises:
        CellError: two languages share too few meanings; and see `states_of`.
    """
    layer = layer_of(cell)
    states = {p.language: states_of(p, cell, whereabouts)[0] for p in cell.evaluate}
    split = cell.evaluate[0].split
    pairs = list(combinations(states, 2))
    with one_thread():
        if cell.task == "cka":
            values = [_cka_of(states, pair, layer) for pair in pairs]
        else:
            table = closeness([s.pooled[layer] for s in states.values()])
            order = list(states)
            values = [table[order.index(a), order.index(b)] for a, b in pairs]
    parts = [_part(pair_name(*pair), split, v) for pair, v in zip(pairs, values, strict=True)]
    return make_record(cell, "share", parts)


def linear_cka(x: npt.ArrayLike, y: npt.ArrayLike) -> float:
    """Linear centred kernel alignment of two representations of the same N sentences, 0 to 1.

    ||Y'X||^2 / (||X'X|| ||Y'Y||) with columns centred and Frobenius norms (Kornblith 2019, eq. 4);
    0 where one of them does not vary. With fewer sentences than dimensions it is biased upwards.

    Args:
        x: [N, E].
        y: [N, F].
    """
    a, b = (np.asarray(v, dtype=np.float64) for v in (x, y))
    a, b = a - a.mean(axis=0), b - b.mean(axis=0)
    above = float((np.linalg.norm(b.T @ a)) ** 2)
    below = float(np.linalg.norm(a.T @ a) * np.linalg.norm(b.T @ b))
    return above / below if below > 0 else 0.0


def closeness(languages: list[npt.NDArray[np.float32]]) -> Floats:
    """Closeness of the centroids of languages, [languages, languages], 1 where they coincide.

    (1 + c) / 2 with c the cosine of two centroids about the mean of all: one minus half their
    cosine distance. Representations of one encoder share a large common direction, beside which
    plain cosines are all near 1.

    Args:
        languages: sentence vectors of each, [N, E].
    """
    centroids = np.stack([np.asarray(v, dtype=np.float64).mean(axis=0) for v in languages])
    centred = centroids - centroids.mean(axis=0)
    norms = np.linalg.norm(centred, axis=1, keepdims=True)
    unit = centred / np.where(norms > 0, norms, 1.0)
    return np.asarray(np.clip((1 + unit @ unit.T) / 2, 0.0, 1.0))


def _cka_of(states: dict[str, States], pair: tuple[str, str], layer: int) -> float:
    one, other = (states[language] for language in pair)
    rows = [_first_rows(s) for s in (one, other)]
    shared = [cluster for cluster in rows[0] if cluster in rows[1]]
    if len(shared) < FEWEST:
        raise CellError(
            f"{pair[0]} and {pair[1]} share {len(shared)} sentences of one meaning, "
            f"at least {FEWEST} are needed: take parallel test data"
        )
    x, y = (
        s.pooled[layer, [row[c] for c in shared]] for s, row in zip((one, other), rows, strict=True)
    )
    return linear_cka(x, y)


def _first_rows(states: States) -> dict[int, int]:
    """Meaning -> the first row that has it."""
    found: dict[int, int] = {}
    for row, cluster in enumerate(states.encoded.clusters.tolist()):
        found.setdefault(cluster, row)
    return found


def _part(name: str, split: str, share: float) -> Part:
    return Part(
        language=name,
        split=split,
        statistics=np.array([[round(min(1.0, share) * WHOLE), WHOLE]]),
        clusters=np.array([stable_hash(name) - 2**63]),
        predictions=np.zeros(0, dtype=np.int64),
        lengths=np.zeros(1, dtype=np.int64),
    )

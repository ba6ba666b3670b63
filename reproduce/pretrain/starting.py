"""Starting vectors of sub-words: co-occurrences in a sample of the text, factorized.

Positive pointwise mutual information with what stands before, behind and near a sub-word, and its
first singular vectors (Levy and Goldberg 2014, https://papers.nips.cc/paper/5477). In text whose
words were in part replaced by their translations, a word and its translation meet the same
neighbours, and so begin near each other.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch

from reproduce.pretrain.corpus import Ids, Shard

_SMOOTHING = 0.75  # of the contexts' distribution: rare ones would weigh too much
_NEAR = (2, 3)  # further distances, both sides together
_EXTRA, _ROUNDS = 32, 4  # of the randomized factorization
_NORM = 0.5  # of a vector; positions and segments begin at a tenth of it


def starting_vectors(shards: list[Shard], vocabulary: int, size: int, seed: int) -> torch.Tensor:
    """[vocabulary, size]: a vector for each sub-word; zeros for those that do not occur."""
    counts = [
        _counts(shards, vocabulary, (1,), both=False),
        _counts(shards, vocabulary, (-1,), both=False),
        _counts(shards, vocabulary, _NEAR, both=True),
    ]
    blocks = [_information(keys, found, vocabulary) for keys, found in counts]
    matrix = torch.cat(blocks, dim=1).coalesce()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        left, values, _ = torch.svd_lowrank(matrix, q=size + _EXTRA, niter=_ROUNDS)
    vectors = left[:, :size] * values[:size].sqrt()
    norms = vectors.norm(dim=1, keepdim=True)
    return torch.where(norms > 0, _NORM * vectors / norms.clamp(min=1e-12), 0.0)


def _counts(
    shards: list[Shard], vocabulary: int, distances: tuple[int, ...], *, both: bool
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """(row * vocabulary + column, count) of the pairs at some distances inside a sentence."""
    keys = [
        key
        for shard in shards
        for step in distances
        for key in _pairs(shard, step, vocabulary, both)
    ]
    found, counts = np.unique(np.concatenate(keys), return_counts=True)
    return found, counts


def _pairs(shard: Shard, step: int, vocabulary: int, both: bool) -> list[npt.NDArray[np.int64]]:
    sentence = np.repeat(np.arange(len(shard.sentences) - 1), np.diff(shard.sentences))
    ids: Ids = shard.ids
    near = abs(step)
    inside = sentence[near:] == sentence[:-near]
    first, second = ids[:-near][inside].astype(np.int64), ids[near:][inside].astype(np.int64)
    there, back = first * vocabulary + second, second * vocabulary + first
    if both:
        return [there, back]
    return [there if step > 0 else back]


def _information(
    keys: npt.NDArray[np.int64], counts: npt.NDArray[np.int64], vocabulary: int
) -> torch.Tensor:
    """[vocabulary, vocabulary], sparse: positive pointwise mutual information, in nats."""
    rows, columns = keys // vocabulary, keys % vocabulary
    weight = counts.astype(np.float64)
    of_row = np.bincount(rows, weight, minlength=vocabulary)
    of_column = np.bincount(columns, weight, minlength=vocabulary) ** _SMOOTHING
    chance = of_row[rows] * of_column[columns] / of_column.sum()
    value = np.log(weight / chance)
    kept = value > 0
    places = torch.from_numpy(np.stack([rows[kept], columns[kept]]))
    return torch.sparse_coo_tensor(
        places,
        torch.from_numpy(value[kept]).float(),
        (vocabulary, vocabulary),
        check_invariants=False,
    )

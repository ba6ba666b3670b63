"""Vectors of words in all languages: whom a word stands beside, told in English words.

Positive pointwise mutual information with what stands before, behind and near a word, and its
first singular vectors (Levy and Goldberg 2014, https://papers.nips.cc/paper/5477). Each neighbour
counts as the English words that it translates to, so that words of all languages are described by
the same neighbours; and a word has a share of the neighbours of its own translations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from reproduce.pretrain.kin import Translations

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

PIVOT = "en"  # what dictionaries and parallel lines have on one side
BOUNDARY = -1  # between two sentences
_NEIGHBOURS = 5_000  # English words that are told apart as neighbours: the most frequent
_SMOOTHING = 0.75  # of the neighbours' distribution: rare ones would weigh too much
_TRANSLATED = 0.5  # weight of the neighbours of a word's translations beside its own
_FREQUENT = 8  # occurrences from which a word takes part in the factorization
_EXTRA, _ROUNDS = 16, 3  # of the randomized factorization

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Running:
    """The words of a language's text in their order.

    Attributes:
        words: the different ones, those that stand in a dictionary alone after all others.
        places: [running words], the number of each word; `BOUNDARY` before, between and after
            sentences.
    """

    words: list[str]
    places: npt.NDArray[np.int32]

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """[words], how often each stands in the text."""
        return np.bincount(self.places[self.places >= 0], minlength=len(self.words))


@dataclass(frozen=True, eq=False)
class WordVectors:
    """A vector for each spelling: the mean over the languages that have it.

    Attributes:
        words: lower-cased.
        vectors: [words, size], of length 1 about the mean of all running words.
        counts: [words], how often each stands in the text.
    """

    words: list[str]
    vectors: Floats
    counts: Floats


def make_word_vectors(
    running: Mapping[str, Running], known: Translations, size: int, seed: int
) -> WordVectors:
    """Vectors of all words that have a neighbour.

    Args:
        running: language -> its text; English is among them.
        known: language -> word -> the English words that it translates to.
        size: of a vector.
        seed: of the factorization.
    """
    from scipy import sparse

    english = running[PIVOT]
    order = np.argsort(-english.counts, kind="stable")[:_NEIGHBOURS]
    columns = {english.words[number]: place for place, number in enumerate(order)}
    rows = {word: number for number, word in enumerate(english.words)}
    own: dict[str, list[csr_matrix]] = {}
    for code, text in running.items():
        told = _as_english(text.words, known.get(code, {}), columns, keep=True)
        own[code] = [counted @ told for counted in _neighbours(text)]
    blocks = {}
    for code, text in running.items():
        parts = own[code]
        if code != PIVOT:
            lent = _TRANSLATED * _as_english(text.words, known.get(code, {}), rows, keep=False)
            # The last row and column are the boundary's.
            parts = [part + lent @ other for part, other in zip(parts, own[PIVOT], strict=True)]
        block = sparse.hstack([_information(part) for part in parts]).tocsr()[:-1]
        lengths = sparse.linalg.norm(block, axis=1)
        blocks[code] = sparse.diags(1 / np.maximum(lengths, 1e-9)) @ block
    basis = _basis(blocks, running, size, seed)
    return _merged({code: _vectors(block, basis) for code, block in blocks.items()}, running)


def _neighbours(text: Running) -> list[csr_matrix]:
    """[words + 1, words + 1] thrice: what stands behind, before, and two or three words away."""
    behind, before = _pairs(text, 1), _pairs(text, 1).T.tocsr()
    far = _pairs(text, 2) + _pairs(text, 3)
    return [behind, before, far + far.T.tocsr()]


def _pairs(text: Running, step: int) -> csr_matrix:
    """How often one word stands so many places before another, in one sentence or at its end."""
    from scipy import sparse

    size = len(text.words)
    numbers = np.where(text.places == BOUNDARY, size, text.places)
    sentence = np.cumsum(text.places == BOUNDARY)
    one, two = numbers[:-step], numbers[step:]
    together = sentence[:-step] == sentence[step:]
    together |= (two == size) & (sentence[step:] == sentence[:-step] + 1)
    places = (one[together], two[together])
    shape = (size + 1, size + 1)
    return sparse.csr_matrix((np.ones(int(together.sum())), places), shape=shape)


def _as_english(
    words: list[str], known: Mapping[str, Mapping[str, float]], columns: dict[str, int], keep: bool
) -> csr_matrix:
    """[words + 1, columns + 1], the English words that each stands for; the last is the boundary.

    With `keep`, a word without a translation stands for itself if English has it: marks, digits,
    names.
    """
    from scipy import sparse

    entries = [(len(words), len(columns), 1.0)] if keep else []
    for row, word in enumerate(words):
        found = [(columns[e], share) for e, share in known.get(word, {}).items() if e in columns]
        if not found and keep and word in columns:
            found = [(columns[word], 1.0)]
        entries += [(row, column, share) for column, share in found]
    places = np.array([entry[:2] for entry in entries], np.int64).reshape(-1, 2).T
    values = np.array([entry[2] for entry in entries])
    return sparse.csr_matrix((values, places), shape=(len(words) + 1, len(columns) + 1))


def _information(counted: csr_matrix) -> csr_matrix:
    """Positive pointwise mutual information, in nats."""
    from scipy import sparse

    found = counted.tocoo()
    of_row = np.bincount(found.row, found.data, minlength=found.shape[0])
    of_column = np.bincount(found.col, found.data, minlength=found.shape[1]) ** _SMOOTHING
    chance = of_row[found.row] * of_column[found.col] / of_column.sum()
    value = np.log(found.data / chance)
    kept = value > 0
    places = (found.row[kept], found.col[kept])
    return sparse.csr_matrix((value[kept], places), shape=found.shape)


def _basis(
    blocks: Mapping[str, csr_matrix], running: Mapping[str, Running], size: int, seed: int
) -> Floats:
    """[neighbours, size], what a row is multiplied with: right singular vectors, scaled.

    Rows of frequent words weigh more, by the root of their frequency up to a bound.
    """
    from scipy import sparse

    parts = []
    for code, block in blocks.items():
        counts = running[code].counts
        frequent = counts >= _FREQUENT if (counts >= _FREQUENT).any() else counts > 0
        weight = np.minimum(np.sqrt(counts[frequent] + 1), 30)
        parts.append(sparse.diags(weight) @ block[frequent])
    matrix = sparse.vstack(parts).tocsr().astype(np.float32)
    turned = matrix.T.tocsr()
    rng = np.random.default_rng(seed)
    width = min(size + _EXTRA, *matrix.shape)
    range_ = rng.standard_normal((matrix.shape[1], width)).astype(np.float32)
    for _ in range(_ROUNDS):
        range_, _ = np.linalg.qr(turned @ (matrix @ range_))
    seen = matrix @ range_
    rotation, values, _ = np.linalg.svd((seen.T @ seen).astype(np.float64))
    values = np.sqrt(values[:size])
    scale = 1 / np.sqrt(np.maximum(values, 1e-6 * values[0]))
    found = np.zeros((matrix.shape[1], size), np.float32)
    found[:, : len(values)] = range_ @ rotation[:, :size] * scale
    return found


def _vectors(block: csr_matrix, basis: Floats) -> Floats:
    """[words, size], of length 1; zeros for a word without neighbours."""
    made: Floats = np.asarray(block @ basis, np.float32)
    made /= np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-9)
    return made


def _merged(vectors: Mapping[str, Floats], running: Mapping[str, Running]) -> WordVectors:
    """Centre each language on its running words, and give each spelling its mean vector."""
    numbers: dict[str, int] = {}
    rows, made, weights = [], [], []
    for code, found in vectors.items():
        counts = running[code].counts.astype(np.float32)
        found = found - counts @ found / max(float(counts.sum()), 1.0)
        seen = np.flatnonzero(np.any(vectors[code] != 0, axis=1))
        words = running[code].words
        rows += [numbers.setdefault(words[number], len(numbers)) for number in seen]
        made.append(found[seen])
        weights.append(counts[seen])
    places, weight = np.array(rows), np.concatenate(weights)
    size = next(iter(vectors.values())).shape[1]
    total = np.zeros((len(numbers), size), np.float32)
    # A word that stands in a dictionary alone counts as half an occurrence.
    np.add.at(total, places, np.concatenate(made) * (weight[:, None] + 0.5))
    counts = np.bincount(places, weight, minlength=len(numbers)).astype(np.float32)
    lengths = np.linalg.norm(total, axis=1, keepdims=True)
    return WordVectors(list(numbers), total / np.maximum(lengths, 1e-9), counts)

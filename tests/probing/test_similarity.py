from __future__ import annotations

import numpy as np
import pytest

from reproduce.errors import CellError
from reproduce.nouns.probe import Similarity
from reproduce.probing.frozen import states_of
from reproduce.probing.record import WHOLE
from reproduce.probing.similarity import closeness, linear_cka
from reproduce.run_cell import run_cell
from reproduce.store.records import decode, encode
from tests.probing.factory import make_cell, piece, whereabouts


def hsic(k, m):
    """Hilbert-Schmidt independence criterion of two Gram matrices, by its definition."""
    n = len(k)
    h = np.eye(n) - np.ones((n, n)) / n
    return np.trace(k @ h @ m @ h) / (n - 1) ** 2


def cka_by_definition(x, y):
    k, m = x @ x.T, y @ y.T
    return hsic(k, m) / np.sqrt(hsic(k, k) * hsic(m, m))


def test_cka_is_that_of_the_definition_by_gram_matrices():
    rng = np.random.default_rng(0)
    x = rng.normal(1, 2, (50, 8))
    y = x @ rng.normal(size=(8, 5)) + rng.normal(size=(50, 5))
    assert linear_cka(x, y) == pytest.approx(cka_by_definition(x, y), abs=1e-12)


def test_cka_is_blind_to_rotation_and_scale():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(40, 6))
    turned = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    assert linear_cka(x, 3 * x @ turned + 5) == pytest.approx(1)


def test_cka_of_what_does_not_vary_is_zero():
    assert linear_cka(np.ones((5, 2)), np.eye(5)) == 0


def test_closeness_is_one_minus_half_the_cosine_distance_of_centred_centroids():
    from scipy.spatial.distance import cosine

    rng = np.random.default_rng(2)
    languages = [rng.normal(m, 1, (20, 4)).astype(np.float32) for m in (0, 1, 5)]
    centroids = np.array([v.astype(float).mean(axis=0) for v in languages])
    centred = centroids - centroids.mean(axis=0)
    found = closeness(languages)
    for i in range(3):
        for j in range(3):
            assert found[i, j] == pytest.approx(1 - cosine(centred[i], centred[j]) / 2, abs=1e-6)


@pytest.mark.parametrize("task", ["cka", "centroid"])
def test_a_record_has_a_share_for_each_pair(tiny_checkpoint, task):
    slices = tuple(piece(code) for code in ("en", "de", "fr"))
    cell = make_cell(Similarity, tiny_checkpoint, task, layer=2, evaluate=slices)
    record = run_cell(cell, whereabouts(tiny_checkpoint))
    vectors = [states_of(p, cell, whereabouts(tiny_checkpoint))[0].pooled[2] for p in slices]
    if task == "cka":
        expected = [cka_by_definition(vectors[a], vectors[b]) for a, b in ((0, 1), (0, 2), (1, 2))]
    else:
        expected = closeness(vectors)[[0, 0, 1], [1, 2, 2]]
    assert [s.language for s in record.content.segments] == ["en--de", "en--fr", "de--fr"]
    np.testing.assert_allclose(record.statistics[:, 0] / WHOLE, expected, atol=1e-6)
    assert decode(encode(record)).content == record.content


def test_cka_needs_sentences_of_the_same_meanings(tiny_checkpoint):
    apart = (piece("en"), piece("de", name="apart"))
    cell = make_cell(Similarity, tiny_checkpoint, "cka", evaluate=apart)
    with pytest.raises(CellError, match="en and de share 0 sentences"):
        run_cell(cell, whereabouts(tiny_checkpoint))

from __future__ import annotations

import numpy as np
import pytest

from reproduce.errors import CellError, DataError
from reproduce.nouns.probe import Probe
from reproduce.nouns.sentence import UPOS, Sentence
from reproduce.probing.classifier import control_labels, fit_and_predict, folds_of, held_out
from reproduce.probing.depth import depth_label, depths
from reproduce.run_cell import run_cell
from reproduce.store.records import decode, encode
from tests.probing.factory import make_cell, sentence, whereabouts


def separable(rows=200, noise=1.0):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows, 6))
    return x, (x[:, :3] + noise * rng.normal(size=(rows, 3))).argmax(axis=1)


def test_a_probe_reaches_the_optimum_of_its_loss():
    from scipy.optimize import minimize
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    x, y = separable()
    z = StandardScaler().fit_transform(x[:150])
    ones = np.eye(3)[y[:150]]

    def loss(flat):
        w = flat.reshape(7, 3)
        scores = z @ w[:6] + w[6]
        top = scores.max(axis=1, keepdims=True)
        logs = scores - top - np.log(np.exp(scores - top).sum(axis=1, keepdims=True))
        gradient = (np.exp(logs) - ones) / 150
        penalty = 0.5 * (w[:6] ** 2).sum() / 150
        slope = np.vstack([z.T @ gradient + w[:6] / 150, gradient.sum(axis=0)])
        return -(logs * ones).sum() / 150 + penalty, slope.ravel()

    best = minimize(loss, np.zeros(21), jac=True, method="BFGS", options={"gtol": 1e-9})
    model = LogisticRegression(C=1.0, max_iter=5000, tol=1e-5).fit(z, y[:150])
    at = np.vstack([model.coef_.T, model.intercept_])
    assert loss(at.ravel())[0] - best.fun < 1e-6
    w = best.x.reshape(7, 3)
    test = StandardScaler().fit(x[:150]).transform(x[150:])
    expected = (test @ w[:6] + w[6]).argmax(axis=1)
    found = fit_and_predict(x[:150], y[:150], x[150:], strength=1.0)
    np.testing.assert_array_equal(found, expected)


def test_nothing_is_predicted_by_a_probe_that_saw_it():
    x = np.eye(60)  # every row is a feature of its own: only learning by heart could succeed
    y = np.random.default_rng(0).integers(0, 2, 60)
    fold = folds_of(np.arange(60), 2, seed=0)
    assert (held_out(x, y, fold, strength=100.0) == y).mean() < 0.75
    assert (fit_and_predict(x, y, x, strength=100.0) == y).all()


def test_sentences_of_one_meaning_are_held_out_together():
    groups = np.repeat(np.arange(20), 3)
    fold = folds_of(groups, 4, seed=1)
    assert [len(set(fold[groups == g])) for g in range(20)] == [1] * 20
    assert sorted(np.bincount(fold)) == [15] * 4


def test_a_single_label_needs_no_probe():
    assert (
        fit_and_predict(np.eye(3), np.array([2, 2, 2]), np.eye(3), strength=1).tolist() == [2] * 3
    )


def test_the_control_gives_each_word_type_one_label_at_the_true_rates():
    types = np.repeat(np.arange(4000), 2)
    labels = np.random.default_rng(0).choice(3, p=[0.6, 0.3, 0.1], size=8000)
    found = control_labels(types, labels, seed=0)
    np.testing.assert_array_equal(found[::2], found[1::2])
    np.testing.assert_allclose(np.bincount(found) / 8000, [0.6, 0.3, 0.1], atol=0.03)
    assert (found == labels).mean() < 0.55


def test_depth_counts_the_arcs_to_the_root():
    made = Sentence(tuple("abcdef"), "en", "s", "c", heads=(2, 0, 2, 3, 4, 5))
    assert depths(made) == (1, 0, 1, 2, 3, 4)
    assert [depth_label(depth) for depth in (0, 3, 4, 9)] == ["0", "3", "4+", "4+"]


@pytest.mark.parametrize("heads", [(2, 1), (1, 0), (7, 0)])
def test_heads_without_a_tree_are_refused(heads):
    with pytest.raises(DataError, match="no tree"):
        depths(Sentence(("a", "b"), "en", "s", "c", heads=heads))


@pytest.mark.parametrize("task", ["pos_probe", "depth_probe"])
def test_a_probe_of_words_counts_its_held_out_predictions(tiny_checkpoint, task):
    record = run_cell(make_cell(Probe, tiny_checkpoint, task), whereabouts(tiny_checkpoint))
    labels = record.content.labels
    for number in range(30):
        made = sentence("de", number)
        gold = made.tags if task == "pos_probe" else [depth_label(d) for d in depths(made)]
        start, stop = record.offsets[number : number + 2]
        found = [labels[n] for n in record.predictions[start:stop]]
        right = sum(a == b for a, b in zip(found, gold, strict=True))
        assert record.statistics[number].tolist() == [right, len(gold)]
    assert decode(encode(record)).content == record.content


def test_tags_are_read_off_words_and_random_labels_are_not(tiny_checkpoint):
    shares = []
    for labels in ("gold", "control"):
        cell = make_cell(Probe, tiny_checkpoint, "pos_probe", labels=labels)
        record = run_cell(cell, whereabouts(tiny_checkpoint))
        shares.append(record.statistics[:, 0].sum() / record.statistics[:, 1].sum())
    assert shares[0] > 0.9  # twelve words, each with one tag
    assert record.content.labels == UPOS


def test_words_beyond_the_longest_length_are_wrong_and_counted(tiny_checkpoint):
    cell = make_cell(Probe, tiny_checkpoint, "pos_probe", max_length=8)
    record = run_cell(cell, whereabouts(tiny_checkpoint))
    cut = sum(max(0, len(sentence("de", n).words) - 6) for n in range(30))
    assert record.content.segments[0].truncated == cut > 0
    assert (record.predictions[: record.offsets[30]] == -1).sum() == cut


def test_the_language_probe_predicts_the_language_of_each_sentence(tiny_checkpoint):
    cell = make_cell(Probe, tiny_checkpoint, "language_probe")
    record = run_cell(cell, whereabouts(tiny_checkpoint))
    assert record.content.labels == ("de", "fr")
    gold = np.repeat([0, 1], 30)
    assert record.statistics[:, 0].tolist() == (record.predictions == gold).astype(int).tolist()
    # The same words in the same order in both: there is nothing to tell them apart by.
    assert record.statistics[:, 0].mean() < 0.7


def test_sentences_have_no_control_task(tiny_checkpoint):
    cell = make_cell(Probe, tiny_checkpoint, "language_probe", labels="control")
    with pytest.raises(CellError, match="no word types"):
        run_cell(cell, whereabouts(tiny_checkpoint))


def test_equal_cells_make_equal_records(tiny_checkpoint):
    cell = make_cell(Probe, tiny_checkpoint, "pos_probe", labels="control")
    one, other = (run_cell(cell, whereabouts(tiny_checkpoint)) for _ in range(2))
    assert encode(one) == encode(other)

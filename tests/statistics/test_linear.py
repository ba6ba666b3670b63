import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reproduce.statistics.linear import by_cluster, influence
from reproduce.statistics.scores import score

rows = st.lists(st.tuples(*[st.integers(0, 9)] * 3), min_size=3, max_size=30).map(
    lambda x: np.array([[min(m, p, g), p, g] for m, p, g in x])
)


@given(rows.filter(lambda r: r[:, 1:].sum() > 0))
def test_the_influences_of_all_sentences_cancel(table):
    assert influence("span_f1", table).sum() == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(("metric", "columns"), [("accuracy", 2), ("span_f1", 3)])
def test_the_influence_is_the_derivative_of_the_score_by_the_sentences_weight(metric, columns):
    rng = np.random.default_rng(0)
    table = rng.integers(1, 9, (20, columns)).astype(float)
    table[:, 0] = np.minimum(table[:, 0], table[:, 1:].min(axis=1))
    step = 1e-6
    for i in range(20):
        weights = np.ones(20)
        weights[i] += step
        moved = score(metric, (weights[:, None] * table).sum(axis=0))
        slope = (moved - score(metric, table.sum(axis=0))) / step
        assert influence(metric, table)[i] == pytest.approx(slope, abs=1e-4)


def test_with_equal_lengths_the_influence_is_the_deviation_from_the_mean():
    table = np.array([[1, 2], [2, 2], [0, 2], [2, 2]])
    deviation = 100 * (table[:, 0] / 2 - table[:, 0].mean() / 2) / 4
    assert influence("accuracy", table) == pytest.approx(deviation)


def test_nothing_to_score_is_refused():
    with pytest.raises(ValueError):
        influence("accuracy", [[0, 0]])
    with pytest.raises(ValueError):
        influence("bleu", [[1, 1]])


def test_values_are_summed_by_cluster():
    assert by_cluster([1.0, 2.0, 4.0], [0, 2, 0], 4).tolist() == [5.0, 0.0, 2.0, 0.0]

import numpy as np
import pytest

from reproduce.statistics.scores import score, segment_sums


def test_accuracy_and_span_f1_are_percentages_of_the_sums():
    assert score("accuracy", [[3, 4], [0, 5]]) == pytest.approx([75.0, 0.0])
    assert score("span_f1", [[2, 3, 5]]) == pytest.approx([50.0])


def test_a_metric_over_nothing_is_not_a_number():
    assert np.isnan(score("accuracy", [0, 0]))
    assert np.isnan(score("span_f1", [0, 0, 0]))


def test_an_unknown_metric_is_refused():
    with pytest.raises(ValueError, match="bleu"):
        score("bleu", [1, 2])


def test_segments_are_summed_without_overflow():
    rows = np.array([[2**31 - 1, 1], [2**31 - 1, 2], [5, 3]], dtype=np.int32)
    sums = segment_sums(rows, [0, 2, 1], [2, 3, 1])
    assert sums.tolist() == [[2**32 - 2, 3], [5, 3], [0, 0]]

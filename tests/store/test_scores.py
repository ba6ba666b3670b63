"""Tests of the scores that lists and displays show."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reproduce.store.scores import language_scores, mean_target_score


def test_accuracy_is_correct_over_total(record):
    statistics = np.array([[1, 4], [1, 4], [0, 0], [3, 4], [0, 0], [0, 0]], np.int32)
    record = replace(record, statistics=statistics)
    assert language_scores(record) == {"aa": 25.0, "bb": 75.0}
    assert mean_target_score(record) == 75.0


def test_span_f1_is_the_one_of_scikit_learn(record):
    from sklearn.metrics import f1_score

    # Of 5 gold and 4 predicted spans 3 match: as binary labels of all distinct spans.
    expected = 100 * f1_score([1, 1, 1, 1, 1, 0], [1, 1, 1, 0, 0, 1])
    statistics = np.zeros((6, 3), np.int32)
    statistics[3:5] = [[1, 2, 2], [2, 2, 3]]
    content = record.content.model_copy(update={"metric": "span_f1"})
    record = replace(record, content=content, statistics=statistics)
    assert language_scores(record) == {"bb": pytest.approx(expected)}


def test_a_record_without_targets_shows_the_source(record):
    segments = record.content.segments[:1]
    record = replace(record, content=record.content.model_copy(update={"segments": segments}))
    assert mean_target_score(record) == language_scores(record)["aa"]


def test_nothing_counted_is_no_score(record):
    record = replace(record, statistics=np.zeros((6, 2), np.int32))
    assert mean_target_score(record) is None

"""Chance: the most frequent label of the training data, answered everywhere."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from reproduce.nouns.record import CHANCE
from reproduce.tasks.task import Task
from reproduce.training.encode import Encoded
from reproduce.training.evaluate import MISSING, Predictions, count


def answer_most_frequent(task: Task, train: Encoded, data: Encoded) -> Predictions:
    """The most frequent training label for every word or pair of `data`.

    Of several labels that are equally frequent, the first of the task's is taken. Words that a
    model of this length would not see have no prediction, as with the model.
    """
    answer = int(np.bincount(train.labels.flat, minlength=len(task.labels)).argmax())
    found = np.full(len(data.labels.flat), answer, dtype=np.int16)
    if len(data.starts.flat):  # words, not pairs
        place = np.arange(len(found)) - np.repeat(data.labels.offsets[:-1], data.labels.lengths())
        found[place >= np.repeat(data.starts.lengths(), data.labels.lengths())] = MISSING
    return found


def chance_measures(
    task: Task, train: Encoded, data: Encoded, rows: Mapping[str, tuple[int, int]]
) -> dict[str, tuple[float, ...]]:
    """What chance scores: `chance/NAME` -> sums of the columns of the task's metric.

    Args:
        task: names the labels and the metric; see `COLUMNS`.
        train: what was trained on.
        data: what was evaluated.
        rows: name -> first row and the row after the last one.
    """
    statistics = count(task, data, answer_most_frequent(task, train, data))
    return {
        f"{CHANCE}/{name}": tuple(
            float(total) for total in statistics[start:stop].sum(axis=0, dtype=np.int64)
        )
        for name, (start, stop) in rows.items()
    }

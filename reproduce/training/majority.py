"""The score of chance: the most frequent label of the training data, answered everywhere."""

from __future__ import annotations

import numpy as np

from reproduce.nouns.cell import Majority, Whereabouts
from reproduce.nouns.record import Content, Record
from reproduce.tasks import TASKS
from reproduce.training.encode import Encoded, concatenate
from reproduce.training.evaluate import MISSING, Predictions, count
from reproduce.training.fine_tune import encoded, load_base, segments_of


def majority(cell: Majority, whereabouts: Whereabouts) -> Record:
    """Count the labels of the training data and score the most frequent one on every slice.

    Of several labels that are equally frequent, the first of the task's is taken. Words that a
    model of this length would not see count as wrong, as they do for the model.

    Raises:
        DataError: a slice cannot be read, or has changed since it was pinned.
        CheckpointError: the checkpoint cannot be used, or has changed since it was pinned.
    """
    task = TASKS.get(cell.task)
    base = load_base(cell.model, whereabouts.checkpoints.get(cell.model, ""))
    train, slices = (
        [encoded(piece, base, cell.max_length, whereabouts, cell.long) for piece in pieces]
        for pieces in (cell.train, cell.evaluate)
    )
    labels = concatenate(train).labels.flat
    answer = int(np.bincount(labels, minlength=len(task.labels)).argmax())
    data = concatenate(slices)
    predictions = _answers(data, answer)
    times = len(cell.checkpoints)
    return Record(
        content=Content(
            cell=cell,
            metric=task.metric,
            labels=task.labels,
            segments=segments_of(cell.evaluate, slices, cell.checkpoints),
            epochs=(),
            chosen=dict.fromkeys(cell.checkpoints, 0),
        ),
        statistics=np.tile(count(task, data, predictions), (times, 1)),
        clusters=np.tile(data.clusters, times),
        offsets=np.concatenate([[0], np.tile(data.labels.lengths(), times)]).cumsum(),
        predictions=np.tile(predictions, times),
    )


def _answers(data: Encoded, answer: int) -> Predictions:
    found = np.full(len(data.labels.flat), answer, dtype=np.int16)
    if len(data.starts.flat):  # words, not pairs
        place = np.arange(len(found)) - np.repeat(data.labels.offsets[:-1], data.labels.lengths())
        found[place >= np.repeat(data.starts.lengths(), data.labels.lengths())] = MISSING
    return found

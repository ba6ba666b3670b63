"""The cell of chance, which trains nothing."""

from __future__ import annotations

import numpy as np

from reproduce.nouns.cell import Majority, Whereabouts
from reproduce.nouns.record import Content, Record
from reproduce.tasks import TASKS
from reproduce.training.chance import answer_most_frequent
from reproduce.training.encode import concatenate
from reproduce.training.evaluate import count
from reproduce.training.fine_tune import encoded, load_base, segments_of


def majority(cell: Majority, whereabouts: Whereabouts) -> Record:
    """Count the labels of the training data and score the most frequent one on every slice.

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
    data = concatenate(slices)
    predictions = answer_most_frequent(task, concatenate(train), data)
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

"""Scores as XTREME's scripts compute them, where they differ from a task's own metric."""

from __future__ import annotations

import numpy as np

from reproduce.tasks.task import Task
from reproduce.training.encode import Encoded, Integers
from reproduce.training.evaluate import Predictions, Spans

# seqeval takes a tag's first letter for its place in a span; S- stands for a span of one word.
_WHOLE = "S"


def find_runs(labels: tuple[str, ...], sequence: Integers, offsets: Integers) -> Spans:
    """What seqeval's `get_entities` takes for spans in tags that are not BIO, such as NOUN.

    Neighbouring words of one tag are one span, but each SCONJ and SYM is one of its own: their
    first letter is read as BIOES's S. A place without prediction (-1) is in no span. seqeval 1.2
    besides cuts the first letter off, so that it takes CCONJ and SCONJ for one tag and loses most
    of X; that is not done here.
    """
    single = np.array([name.startswith(_WHOLE) for name in (*labels, "")])
    previous = np.concatenate([[-1], sequence[:-1]])
    previous[offsets[:-1]] = -1
    begins = (sequence != previous) | single[sequence]
    breaks = begins.copy()
    breaks[offsets[:-1]] = True
    first = np.flatnonzero(begins & (sequence >= 0))
    ends = np.append(np.flatnonzero(breaks), len(sequence))
    last = ends[np.searchsorted(ends, first, side="right")] - 1
    return Spans(first, last, sequence[first])


def span_measures(
    task: Task, data: Encoded, predictions: Predictions, rows: dict[str, tuple[int, int]]
) -> dict[str, tuple[float, ...]]:
    """Counts of span F1 over tags: `span_f1/NAME` -> (matched, predicted, gold).

    Args:
        task: nothing is counted unless it labels words and is scored by accuracy.
        data: what was evaluated.
        predictions: one per word.
        rows: name -> first row and the row after the last one.
    """
    if task.form != "words" or task.metric != "accuracy":
        return {}
    offsets, size = data.labels.offsets, len(data.labels.flat)
    gold = find_runs(task.labels, data.labels.flat, offsets)
    found = find_runs(task.labels, predictions.astype(np.int64), offsets)
    last, kind = np.full(size, -1), np.full(size, -1)
    last[gold.first], kind[gold.first] = gold.last, gold.kind
    matched = found.first[(last[found.first] == found.last) & (kind[found.first] == found.kind)]
    measures = {}
    for name, (start, stop) in rows.items():
        bounds = offsets[start], offsets[stop]
        counts = (
            float(((places >= bounds[0]) & (places < bounds[1])).sum())
            for places in (matched, found.first, gold.first)
        )
        measures[f"span_f1/{name}"] = tuple(counts)
    return measures

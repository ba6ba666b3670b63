"""Predictions for encoded slices, and what they count per sentence."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from reproduce.errors import CellError
from reproduce.models.classifier import FusionClassifier
from reproduce.nouns.record import COLUMNS
from reproduce.tasks.task import Task
from reproduce.training.batches import Layout, evaluation_rows, make_batch
from reproduce.training.encode import Encoded, Integers

BUDGET = 2048  # sub-words per batch, padding included; more leave the processor's cache
MISSING = -1  # prediction for a word that was cut off

Predictions = npt.NDArray[np.int16]
Statistics = npt.NDArray[np.int32]


def predict(model: FusionClassifier, data: Encoded, layout: Layout) -> Predictions:
    """The best label of every word or pair, in the order of `data.labels`; -1 where cut off.

    Raises:
        CellError: a score is no number: the last step has ruined the model.
    """
    device = next(model.parameters()).device
    found = np.full(len(data.labels.flat), MISSING, dtype=np.int16)
    kept = data.starts.lengths()
    model.eval()
    with torch.inference_mode():
        for rows in evaluation_rows(data.ids.lengths(), BUDGET):
            batch = make_batch(data, rows, layout).to(device)
            scores = model(batch)
            if not scores.isfinite().all():
                raise CellError("scores of the trained model are no numbers")
            best = scores.argmax(dim=1).cpu().numpy().astype(np.int16)
            counts = np.ones_like(rows) if batch.words is None else kept[rows]
            found[_places(data.labels.offsets[rows], counts)] = best
    return found


def count(task: Task, data: Encoded, predictions: Predictions) -> Statistics:
    """Statistics [rows, columns] of the task's metric; see `COLUMNS`."""
    if task.metric == "accuracy":
        return _count_correct(data, predictions)
    return _count_spans(task.labels, data, predictions)


def score(task: Task, statistics: Statistics) -> float:
    """The metric over some rows, from 0 to 1; 0 for span F1 where there is neither span."""
    sums = dict(zip(COLUMNS[task.metric], statistics.sum(axis=0, dtype=np.int64), strict=True))
    if task.metric == "accuracy":
        return float(sums["correct"] / sums["total"])
    return float(2 * sums["matched"] / max(1, sums["predicted"] + sums["gold"]))


def _places(starts: Integers, counts: Integers) -> Integers:
    before = np.concatenate([[0], counts.cumsum()[:-1]])
    return np.asarray(np.arange(counts.sum()) + np.repeat(starts - before, counts))


def _count_correct(data: Encoded, predictions: Predictions) -> Statistics:
    starts, right = data.labels.offsets[:-1], predictions == data.labels.flat
    if data.scored is None:
        counts = [np.add.reduceat(right, starts, dtype=int), data.labels.lengths()]
    else:
        columns = (right & data.scored, data.scored)
        counts = [np.add.reduceat(column, starts, dtype=int) for column in columns]
    return np.stack(counts, axis=1).astype(np.int32)


class Spans(NamedTuple):
    """Spans of flat label sequences: first place, last place and type of each."""

    first: Integers
    last: Integers
    kind: Integers


def find_spans(labels: tuple[str, ...], sequence: Integers, offsets: Integers) -> Spans:
    """All spans of BIO sequences, as seqeval's `get_entities` in its default, lenient mode.

    A span starts at B, at I after O or at the start of a sentence, and at I of another type than
    the label before; it ends before the next start, the next O, or the end of the sentence.
    A place without prediction (-1) counts as O.
    """
    kinds = {kind: n for n, kind in enumerate(sorted({name[2:] for name in labels} - {""}), 1)}
    kind_of = np.array([kinds.get(name[2:], 0) for name in (*labels, "O")])  # -1 is the last entry
    begins = np.array([name.startswith("B") for name in (*labels, "O")])
    kind, begin = kind_of[sequence], begins[sequence]
    previous = np.concatenate([[0], kind[:-1]])
    previous[offsets[:-1]] = 0
    starts = (kind > 0) & (begin | (previous != kind))
    breaks = starts | (kind == 0)
    breaks[offsets[:-1]] = True
    first = np.flatnonzero(starts)
    ends = np.append(np.flatnonzero(breaks), len(kind))
    last = ends[np.searchsorted(ends, first, side="right")] - 1
    return Spans(first, last, kind[first])


def _count_spans(labels: tuple[str, ...], data: Encoded, predictions: Predictions) -> Statistics:
    offsets, size = data.labels.offsets, len(data.labels.flat)
    gold = find_spans(labels, data.labels.flat, offsets)
    found = find_spans(labels, predictions.astype(np.int64), offsets)
    last, kind = np.full(size, -1), np.zeros(size, dtype=np.int64)
    last[gold.first], kind[gold.first] = gold.last, gold.kind
    matched = (last[found.first] == found.last) & (kind[found.first] == found.kind)
    row = np.repeat(np.arange(len(data)), data.labels.lengths())
    columns = [found.first[matched], found.first, gold.first]
    if data.scored is not None:  # a span counts where its first word does
        columns = [first[data.scored[first]] for first in columns]
    counts = [np.bincount(row[first], minlength=len(data)) for first in columns]
    return np.stack(counts, axis=1).astype(np.int32)

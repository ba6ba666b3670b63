"""How the gate of a fusion module is distributed over tokens, by language and class of token."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt
import torch

from reproduce.models.classifier import FusionClassifier
from reproduce.models.fusion.gate import Gate
from reproduce.nouns.record import GATE_NUMBERS, Segment
from reproduce.tasks.task import Task
from reproduce.training.batches import evaluation_rows
from reproduce.training.encode import Encoded, Integers
from reproduce.training.evaluate import BUDGET

Floats = npt.NDArray[np.float64]

_DIGITS = 6  # kept of each number
_DECILES = np.arange(1, 10) / 10


@contextmanager
def watched(model: FusionClassifier) -> Iterator[list[torch.Tensor]]:
    """Collect the gate of each token, its mean over hidden units, while the model predicts.

    One tensor a batch, of its real tokens in order; none where the fusion module has no gate.
    Looking changes nothing: the scores are the same to the bit.
    """
    seen: list[torch.Tensor] = []
    gate = getattr(model.fusion, "gate", None)
    if not isinstance(gate, Gate):
        yield seen
        return

    def note(_: object, given: tuple[torch.Tensor, torch.Tensor], made: torch.Tensor) -> None:
        seen.append(made.mean(dim=2)[given[1]])

    hook = gate.register_forward_hook(note)
    try:
        yield seen
    finally:
        hook.remove()


def gate_measures(
    seen: Sequence[torch.Tensor], data: Encoded, segments: Sequence[Segment], task: Task
) -> dict[str, tuple[float, ...]]:
    """`gate/LANGUAGE/CLASS` -> the numbers of `GATE_NUMBERS`, for every test segment.

    Args:
        seen: what `watched` collected while `data` was predicted once.
        data: all slices.
        segments: where each slice lies in it.
        task: gives the classes: tags of words for POS, names and others for NER, the two sentences
            for pairs; always `special` ([CLS] and [SEP]) and `all`.
    """
    if not seen:
        return {}
    values = _in_order(torch.cat(list(seen)).double().cpu().numpy(), data)
    classes, names = _classes(data, task)
    rows = np.repeat(np.arange(len(data)), data.ids.lengths())
    found = {}
    for segment in segments:
        if segment.split != "test":
            continue
        part = slice(data.ids.offsets[segment.start], data.ids.offsets[segment.stop])
        gate, row, kind = values[part], rows[part], classes[part]
        found[f"gate/{segment.language}/all"] = _distribution(gate, row)
        for number in np.unique(kind):
            of = kind == number
            found[f"gate/{segment.language}/{names[number]}"] = _distribution(gate[of], row[of])
    return found


def _in_order(values: Floats, data: Encoded) -> Floats:
    """Values of tokens as `predict` met them, in the order of `data.ids`."""
    lengths = data.ids.lengths()
    rows = np.concatenate(list(evaluation_rows(lengths, BUDGET)))
    before = np.concatenate([[0], lengths[rows].cumsum()[:-1]])
    places = np.arange(len(values)) + np.repeat(data.ids.offsets[rows] - before, lengths[rows])
    ordered = np.empty_like(values)
    ordered[places] = values
    return ordered


def _classes(data: Encoded, task: Task) -> tuple[Integers, list[str]]:
    """The class of each sub-word, as a number, and the names of the numbers."""
    first, stop = data.ids.offsets[:-1], data.ids.offsets[1:]
    if task.form == "words":
        kinds = [_class_of(label) for label in task.labels]
        names = sorted(set(kinds))
        of_label = np.array([names.index(kind) for kind in kinds])
        kept = data.starts.lengths()
        begins = np.zeros(len(data.ids.flat), dtype=np.int64)
        begins[data.starts.flat + np.repeat(first, kept)] = 1
        word = np.maximum(begins.cumsum() - 1, 0)
        counted = np.arange(kept.sum()) - np.repeat(kept.cumsum() - kept, kept)
        labels = data.labels.flat[counted + np.repeat(data.labels.offsets[:-1], kept)]
        classes = of_label[labels][word]
    elif task.form == "sentence":
        names = ["sentence"]
        classes = np.zeros(len(data.ids.flat), dtype=np.int64)
    else:
        names = ["first", "second"]
        place = np.arange(len(data.ids.flat)) - np.repeat(first, stop - first)
        classes = (place >= np.repeat(data.second, stop - first)).astype(np.int64)
    special = len(names)
    classes[first] = classes[stop - 1] = special
    if task.form == "pair":
        classes[first + data.second - 1] = special
    return classes, [*names, "special"]


def _class_of(label: str) -> str:
    """The class of tokens under a label: names alone in BIO labels, else the tag itself."""
    if label == "O":
        return "other"
    return "name" if label == "PROPN" or label[:2] in ("B-", "I-") else label


def _distribution(values: Floats, rows: Integers) -> tuple[float, ...]:
    sentences = np.unique(rows, return_inverse=True)[1]
    means = np.bincount(sentences, values) / np.bincount(sentences)
    numbers = [values.mean(), values.std(), means.std(), *np.quantile(values, _DECILES)]
    assert len(numbers) + 1 == len(GATE_NUMBERS)
    return (*(round(float(number), _DIGITS) for number in numbers), float(len(values)))

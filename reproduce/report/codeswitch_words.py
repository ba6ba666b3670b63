"""Accuracy on the words of code-switched sentences, kind by kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from reproduce.codeswitch.metrics import is_neutral
from reproduce.data.language_ids import after_switch
from reproduce.nouns.record import Record
from reproduce.nouns.sentence import Sentence
from reproduce.report.codeswitch_view import Breakdown
from reproduce.tasks.task import Task

Masks = Iterator[tuple[str, npt.NDArray[np.bool_]]]

_NONE = 10_000  # the distance to a switch that is not there


def breakdowns(
    arms: Sequence[Mapping[int, Record]], pair: str, task: Task, test: Sequence[Sentence]
) -> tuple[Breakdown, ...]:
    """Accuracy of each arm by language of word, then by distance to the nearest switch.

    Args:
        arms: the records of each by unit.
        pair: the languages of the test sentences.
        task: empty is returned for one whose metric is not accuracy.
        test: the sentences of the pair's whole test set.
    """
    if not test or task.metric != "accuracy" or not arms:
        return ()
    gold = np.array([task.labels.index(g) for s in test for g in getattr(s, task.field)])
    right = [_right(by_unit, pair, gold) for by_unit in arms]
    kinds = (
        *(("language " + name, mask) for name, mask in _by_language(test)),
        *((name, mask) for name, mask in _by_distance(test)),
    )
    return tuple(
        Breakdown(
            name=name,
            words=int(mask.sum()),
            scores=tuple(None if r is None else float(100 * r[mask].mean()) for r in right),
        )
        for name, mask in kinds
        if mask.any()
    )


def _right(
    by_unit: Mapping[int, Record], pair: str, gold: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64] | None:
    """For each test word the share of seeds that have it right."""
    columns = []
    for record in by_unit.values():
        whole = next(s for s in record.content.segments if s.language == pair)
        start, stop = record.offsets[whole.start], record.offsets[whole.stop]
        predicted = record.predictions[start:stop]
        if len(predicted) != len(gold):
            return None
        columns.append(predicted == gold)
    return np.asarray(np.mean(columns, axis=0))


def _by_language(test: Sequence[Sentence]) -> Masks:
    ids = np.array([identity for s in test for identity in s.languages or ()])
    for name in sorted(set(ids.tolist()), key=lambda n: (is_neutral(n), n)):
        yield name, ids == name


def _by_distance(test: Sequence[Sentence]) -> Masks:
    distances = np.array([d for s in test for d in _distances(s)])
    names = {0: "next to a switch", 1: "one word from a switch", 2: "two words from a switch"}
    for distance, name in names.items():
        yield name, distances == distance
    yield "farther from a switch", (distances > 2) & (distances < _NONE)
    yield "in a sentence without a switch", distances == _NONE


def _distances(sentence: Sentence) -> list[int]:
    """Words between each word and the nearest switch, 0 for both words beside it."""
    after = [i for i, yes in enumerate(after_switch(sentence.languages or ())) if yes]
    return [
        min((min(abs(i - a), abs(i - a + 1)) for a in after), default=_NONE)
        for i in range(len(sentence.words))
    ]

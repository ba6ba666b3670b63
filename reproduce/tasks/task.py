"""What a task is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reproduce.nouns.record import Metric


@dataclass(frozen=True)
class Task:
    """Something to predict.

    Attributes:
        name: as claims and settings write it.
        form: a label for each word, one for a sentence or a pair of sentences, or none for a
            translation or a text.
        labels: all labels, in the order of their integers in predictions.
        metric: what the per-sentence statistics count.
        title: for people.
        field: the attribute of Sentence or SentencePair that holds the gold labels.
    """

    name: str
    form: Literal["words", "sentence", "pair", "translation", "text"]
    labels: tuple[str, ...]
    metric: Metric
    title: str
    field: str

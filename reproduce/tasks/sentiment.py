"""Sentiment of a sentence, as GLUECoS has it, scored by accuracy.

The benchmark prints F1 averaged over classes by their size; its script computes accuracy as well.
"""

from __future__ import annotations

from reproduce.tasks.task import Task

TASK = Task(
    name="sentiment",
    form="sentence",
    labels=("negative", "neutral", "positive"),
    metric="accuracy",
    title="sentiment of sentences",
    field="label",
)

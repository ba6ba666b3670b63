"""Paraphrase identification, scored by accuracy over pairs as in XTREME (PAWS-X)."""

from __future__ import annotations

from reproduce.tasks.task import Task

TASK = Task(
    name="pawsx",
    form="pair",
    labels=("different", "paraphrase"),
    metric="accuracy",
    title="paraphrase identification",
    field="label",
)

"""Finding a sentence's translation: measured of a frozen encoder, never trained."""

from __future__ import annotations

from reproduce.tasks.task import Task

TASK = Task(
    name="retrieval",
    form="translation",
    labels=(),
    metric="accuracy",
    title="sentence retrieval",
    field="label",
)

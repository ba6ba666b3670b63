"""Text without labels, for continued masked language modelling: read, never scored."""

from __future__ import annotations

from reproduce.tasks.task import Task

TASK = Task(
    name="text",
    form="text",
    labels=("",),
    metric="accuracy",
    title="text without labels",
    field="words",
)

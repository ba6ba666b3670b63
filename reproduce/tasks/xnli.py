"""Natural language inference, scored by accuracy over pairs as in XTREME (XNLI)."""

from __future__ import annotations

from reproduce.tasks.task import Task

TASK = Task(
    name="xnli",
    form="pair",
    labels=("entailment", "neutral", "contradiction"),
    metric="accuracy",
    title="natural language inference",
    field="label",
)

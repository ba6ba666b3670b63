"""Inference from a conversation, in two classes, as GLUECoS's files NLI_EN_HI have it.

Scored by accuracy over pairs, as in the benchmark.
"""

from __future__ import annotations

from reproduce.tasks.task import Task

TASK = Task(
    name="dialogue_nli",
    form="pair",
    labels=("contradiction", "entailment"),
    metric="accuracy",
    title="inference from conversations",
    field="label",
)

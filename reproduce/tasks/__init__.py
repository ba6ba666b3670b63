"""Tasks, by name; each is one file, and imports nothing heavy."""

from __future__ import annotations

from reproduce.registry import Registry
from reproduce.tasks.task import Task

TASKS: Registry[Task] = Registry(
    "task",
    {
        "pos": "reproduce.tasks.pos:TASK",
        "ner": "reproduce.tasks.ner:TASK",
        "xnli": "reproduce.tasks.xnli:TASK",
        "pawsx": "reproduce.tasks.pawsx:TASK",
        "retrieval": "reproduce.tasks.retrieval:TASK",
        "lid": "reproduce.tasks.lid:TASK",
        "bangor_pos": "reproduce.tasks.bangor_pos:TASK",
        "fg_pos": "reproduce.tasks.fg_pos:TASK",
        "calcs_ner": "reproduce.tasks.calcs_ner:TASK",
        "sentiment": "reproduce.tasks.sentiment:TASK",
        "dialogue_nli": "reproduce.tasks.dialogue_nli:TASK",
        "text": "reproduce.tasks.text:TASK",
    },
)

__all__ = ["TASKS", "Task"]

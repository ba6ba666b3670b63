"""Named entities of three types in BIO, scored by span F1 as in XTREME (PAN-X).

A span is what seqeval's `get_entities` says in its default, lenient mode.
"""

from __future__ import annotations

from reproduce.tasks.task import Task

TASK = Task(
    name="ner",
    form="words",
    labels=("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"),
    metric="span_f1",
    title="named entity recognition",
    field="entities",
)

"""Part-of-speech tagging with the 17 universal tags, scored by accuracy over words.

XTREME scores it by seqeval's span F1 over the tags, which reads neighbouring words of one tag as
one span and so differs from accuracy; numbers printed there are not comparable without a note.
"""

from __future__ import annotations

from reproduce.nouns.sentence import UPOS
from reproduce.tasks.task import Task

TASK = Task(
    name="pos",
    form="words",
    labels=UPOS,
    metric="accuracy",
    title="part-of-speech tagging",
    field="tags",
)

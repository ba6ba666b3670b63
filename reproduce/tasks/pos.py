"""Part-of-speech tagging with the 17 universal tags, scored by accuracy over words.

XTREME scores it by seqeval's span F1 over the tags, which reads neighbouring words of one tag as
one span and so differs from accuracy; numbers printed there are not comparable without a note.
"""

from __future__ import annotations

from reproduce.tasks.task import Task

UPOS = (
    "ADJ",
    "ADP",
    "ADV",
    "AUX",
    "CCONJ",
    "DET",
    "INTJ",
    "NOUN",
    "NUM",
    "PART",
    "PRON",
    "PROPN",
    "PUNCT",
    "SCONJ",
    "SYM",
    "VERB",
    "X",
)

TASK = Task(
    name="pos",
    form="words",
    labels=UPOS,
    metric="accuracy",
    title="part-of-speech tagging",
    field="tags",
)

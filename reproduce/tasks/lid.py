"""Language identification of words, by accuracy, with the labels of the shared task of 2016.

`lang1` and `lang2` are the languages of the pair in the order of its name, so that one set of
labels serves every pair; the others are words of neither (https://aclanthology.org/W16-5805/).
"""

from __future__ import annotations

from reproduce.tasks.task import Task

TASK = Task(
    name="lid",
    form="words",
    labels=("lang1", "lang2", "mixed", "ne", "other", "ambiguous", "fw", "unk"),
    metric="accuracy",
    title="language identification",
    field="languages",
)

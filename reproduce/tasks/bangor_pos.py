"""Part-of-speech tags of the Bangor Miami corpus, as GLUECoS's POS EN-ES has them.

They are automatic tags, not universal ones; the list is that of the benchmark's public files.
Scored by accuracy over words; the benchmark computes span F1 over the tags.
"""

from __future__ import annotations

from reproduce.tasks.task import Task

LABELS = (
    "ADJ", "ADJ+ADV", "ADJ+ASV", "ADJ+PV", "ADJ+SM", "ADJ+V", "ADV", "ADV+PV", "ADV+V", "AV",
    "CONJ", "CONJ+AV", "CONJ+BE", "DEM", "DET", "E", "IM", "IM+PV", "IM+V", "INT", "N", "NUM",
    "NUM+PV", "ORD", "PREP", "PREP+DET", "PREP+PRON", "PRON", "PRON+BE", "PRON+GB", "REL",
    "REL+GB", "SV", "V", "name", "unk",
)  # fmt: skip

TASK = Task(
    name="bangor_pos",
    form="words",
    labels=LABELS,
    metric="accuracy",
    title="part-of-speech tagging with the Bangor tags",
    field="tags",
)

"""Named entities of nine types in BIO, as GLUECoS's files NER_EN_ES have them.

The types are those of the shared task of 2018 (https://aclanthology.org/W18-3219/). Hindi-English
files have three types and are read for the task `ner`.
"""

from __future__ import annotations

from reproduce.tasks.task import Task

TYPES = ("PER", "LOC", "ORG", "GROUP", "TITLE", "PROD", "EVENT", "TIME", "OTHER")

TASK = Task(
    name="calcs_ner",
    form="words",
    labels=("O", *(f"{place}-{kind}" for kind in TYPES for place in "BI")),
    metric="span_f1",
    title="named entity recognition, nine types",
    field="entities",
)

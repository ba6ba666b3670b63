"""Fine-grained part-of-speech tags, as GLUECoS's files POS_EN_HI_FG have them.

The tags are those of the Bureau of Indian Standards, with five of Twitter (`@ # ~ U E`) and `$` for
numbers. The benchmark's files hold a few others by mistake: the reader's option `unknown` says what
those are read as. Scored by accuracy over words; the benchmark computes span F1 over the tags.
"""

from __future__ import annotations

from reproduce.tasks.task import Task

LABELS = (
    "N_NN", "N_NNP", "N_NNV", "N_NST", "PR_PRP", "PR_PRF", "PR_PRL", "PR_PRC", "PR_PRQ", "DM_DMD",
    "DM_DMR", "DM_DMQ", "DM_DMI", "V_VM", "V_VAUX", "JJ", "RB_AMN", "RB_ALC", "PSP", "CC", "RP_RPD",
    "RP_INJ", "RP_INTF", "RP_NEG", "QT_QTF", "QT_QTC", "QT_QTO", "RD_RDF", "RD_SYM", "RD_PUNC",
    "RD_ECH", "RD_UNK", "DT", "$", "@", "#", "~", "U", "E",
)  # fmt: skip

TASK = Task(
    name="fg_pos",
    form="words",
    labels=LABELS,
    metric="accuracy",
    title="part-of-speech tagging with fine-grained tags",
    field="tags",
)

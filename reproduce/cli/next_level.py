"""What a run at a lower level of evidence ends with: the next step up, and what it would cost."""

from __future__ import annotations

import shlex
from collections import Counter
from pathlib import PurePath

from reproduce.nouns.cell import cell_id
from reproduce.nouns.evidence import Evidence
from reproduce.nouns.run import Run

_NEXT = {Evidence.SIMULATED: "scaled", Evidence.SCALED: "paper"}
_FILES = 8  # named one by one
_LAYERS = 12  # of multilingual BERT
_DOWNLOADS = "about 1 GB (an estimate; `reproduce fetch --setting paper --dry-run` says exactly)"


def next_level(run: Run) -> list[str]:
    """Lines that name the setting above: its command, its downloads, its hours; none at the top."""
    name = _NEXT.get(run.setting.evidence)
    if name is None or run.watermark:
        return []
    files = " ".join(shlex.quote(place) for place in _places(run))
    if name == "scaled":
        return [
            "Next step up, real languages at small scale (downloads nothing; bring the corpora):",
            f"  reproduce run {files} --setting scaled --data FOLDER",
        ]
    return [
        f"Next step up, the paper's own model and benchmark (downloads {_DOWNLOADS}):",
        "  reproduce fetch --setting paper",
        f"  reproduce run {files} --setting paper --gpus-per-cell 1",
        f"  {_cost(run)}",
    ]


def _places(run: Run) -> list[str]:
    """The files of a run's claims; of a whole book, which no line holds, the outermost folders."""
    files = list(dict.fromkeys(planned.file for planned in run.claims))
    if len(files) <= _FILES:
        return files
    folders = sorted({PurePath(file).parent for file in files})
    return [str(f) for f in folders if not any(other in f.parents for other in folders)]


def _cost(run: Run) -> str:
    """Hours of one GPU by the setting's own estimates, and what the GPUs here make of them."""
    from reproduce.book import load_setting
    from reproduce.report.text import duration

    paper = load_setting("paper")
    cells = {cell_id(t.cell): t.cell.task for p in run.claims for t in p.design.trials}
    # A sweep over all layers grows with the layers of the model.
    growth = _LAYERS / max(int(run.model.get("layers", _LAYERS)), 1)
    tasks = Counter(task for task in cells.values() if task in paper.tasks)
    seconds = sum(
        growth * count * (paper.tasks[task].seconds_per_cell or 0.0)
        for task, count in tasks.items()
    )
    if not seconds:
        return "Cost: not estimated for these experiments."
    count = round(growth * sum(tasks.values()))
    text = f"Cost: about {count} cells, {duration(seconds)} of one {paper.timed_on}"
    gpus = run.provenance.gpus
    if not gpus:
        return f"{text}; there is no GPU here."
    return f"{text}, {duration(seconds / len(gpus))} on {len(gpus)} such as {gpus[0]}."

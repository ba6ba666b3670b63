"""What a run at a lower level of evidence ends with: the next step up, and what it would cost."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePath

from reproduce.nouns.cell import Cell, cell_id
from reproduce.nouns.claim import Claim
from reproduce.nouns.evidence import Evidence
from reproduce.nouns.run import Run
from reproduce.nouns.setting import Setting

_SETTINGS = {Evidence.SCALED: "scaled", Evidence.REPLICATION: "paper"}  # what gives a level
_FILES = 8  # named one by one
_LAYERS = 12  # of multilingual BERT


def next_level(run: Run) -> list[str]:
    """Lines that name the setting above: its command, its downloads, its hours; none at the top.

    The one above is the first that decides any of the claims. A quick look is followed by a whole
    one, but for claims that no run at this level could decide.
    """
    from reproduce.book import load_setting

    least = min(planned.claim.min_evidence for planned in run.claims)
    level = next((e for e in _SETTINGS if e > run.setting.evidence and e >= least), None)
    decided = any(planned.design.trials for planned in run.claims)
    if level is None or (run.watermark and decided):
        return []
    setting = load_setting(_SETTINGS[level])
    files = " ".join(shlex.quote(place) for place in _places(run))
    command = f"  reproduce run {files} --setting {setting.name}"
    if not setting.download_mb:
        return [
            "Next step up, real languages at small scale (downloads nothing; bring the corpora):",
            f"{command} --data FOLDER",
            f"  {_cost(run, setting)}",
        ]
    size = f"about {setting.download_mb / 1000:.2g} GB"
    exactly = f"`reproduce fetch --setting {setting.name} --dry-run` says exactly"
    return [
        f"Next step up, the paper's own model and benchmark (downloads {size}; {exactly}):",
        f"  reproduce fetch --setting {setting.name}",
        f"{command} --gpus-per-cell 1",
        f"  {_cost(run, setting)}",
    ]


def _places(run: Run) -> list[str]:
    """The files of a run's claims; of a whole book, which no line holds, the outermost folders."""
    files = list(dict.fromkeys(planned.file for planned in run.claims))
    if len(files) <= _FILES:
        return files
    folders = sorted({PurePath(file).parent for file in files})
    return [str(f) for f in folders if not any(other in f.parents for other in folders)]


def _cost(run: Run, setting: Setting) -> str:
    """Hours by the setting's own estimates, and what the machine here makes of them."""
    from reproduce.report.text import duration

    if run.watermark:
        return "Cost: not estimated after a quick look, which has few cells."
    # A sweep over all layers grows with the layers that are swept.
    growth = _sweep(setting, _LAYERS) / _sweep(run.setting, int(run.model.get("layers", _LAYERS)))
    tasks = Counter(task for task in _trained(run) if task in setting.tasks)
    seconds = sum(
        growth * count * (setting.tasks[task].seconds_per_cell or 0.0)
        for task, count in tasks.items()
    )
    if not seconds:
        return "Cost: not estimated for these experiments."
    count = round(growth * sum(tasks.values()))
    unit = setting.timed_on or "core"
    text = f"Cost: about {count} cells, {duration(seconds)} of one {unit}"
    if not setting.timed_on:
        cores = run.provenance.cores
        return f"{text}, {duration(seconds / cores)} on the {cores} here."
    gpus = run.provenance.gpus
    if not gpus:
        return f"{text}; there is no GPU here."
    return f"{text}, {duration(seconds / len(gpus))} on {len(gpus)} such as {gpus[0]}."


def _sweep(setting: Setting, layers: int) -> int:
    """Cells of one seed and module that a sweep over all layers has: a baseline, lower layers."""
    return 1 + len(setting.fused_layers) if setting.fused_layers else max(layers, 1)


def _trained(run: Run) -> list[str]:
    """The task of every cell that is fine-tuned for the run's claims, could they be decided."""
    cells = {cell_id(t.cell): t.cell for p in run.claims for t in p.design.trials}
    barred = [p.claim for p in run.claims if p.claim.min_evidence > run.setting.evidence]
    cells |= _barred_cells(barred, run.setting) if barred else {}
    return [cell.task for cell in cells.values() if cell.kind == "fine_tune"]


def _barred_cells(claims: Sequence[Claim], setting: Setting) -> Mapping[str, Cell]:
    """The cells of claims that need stronger evidence, as the setting would have them.

    None where its corpora cannot be read: what was judged is told all the same.
    """
    from reproduce.errors import UserError
    from reproduce.experiments import needs_of
    from reproduce.nouns.scene import merged
    from reproduce.plan import plan
    from reproduce.survey import survey

    allowed = [c.model_copy(update={"min_evidence": setting.evidence}) for c in claims]
    try:
        scene = survey(setting, merged(needs_of(claim, setting) for claim in allowed)).scene
        return plan(allowed, scene).cells
    except UserError:
        return {}

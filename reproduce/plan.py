"""The plan: which cells a set of claims needs, and what becomes of each; a pure function."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from reproduce.experiments import design
from reproduce.nouns.cell import Cell, cell_id
from reproduce.nouns.claim import Claim
from reproduce.nouns.design import Design
from reproduce.nouns.pair import is_pair
from reproduce.nouns.scene import Scene
from reproduce.nouns.setting import Setting, TaskSetting


class CellKey(NamedTuple):
    """What a cell is for, whatever data, model or code it uses."""

    kind: str
    task: str
    fusion: str
    layer: int | None
    seed: int


CostKey = tuple[str, str, str]
"""Kind, model and task: cells that cost about the same."""


def cost_key(cell: Cell) -> CostKey:
    """Under what the measured cost of a cell is found."""
    return cell.kind, cell.model, cell.task


def key_of(cell: Cell) -> CellKey:
    """The key under which an older record of the same purpose would be found."""
    return CellKey(cell.kind, cell.task, cell.fusion.kind, cell.fusion.layer, cell.seed)


@dataclass(frozen=True)
class Plan:
    """Designs by claim, and the distinct cells behind them in the order they are to be run."""

    designs: tuple[Design, ...]
    cells: Mapping[str, Cell]  # id -> cell

    def ids_of(self, design: Design) -> tuple[str, ...]:
        """Ids of the distinct cells of one design."""
        return tuple(dict.fromkeys(cell_id(trial.cell) for trial in design.trials))


@dataclass(frozen=True)
class Missing:
    """Why some cells are not in the store yet."""

    why: str
    cells: int


def plan(claims: Sequence[Claim], scene: Scene, *, look: int = 0) -> Plan:
    """Designs of the claims and the cells that they share.

    Args:
        claims: what to test.
        scene: the facts about model and data.
        look: the look of each claim to reach; a claim with fewer looks reaches its last.

    Raises:
        UserError: a claim names a layer, a language or a set that the scene does not have.
    """
    designs = tuple(design(claim, scene, min(look, _last_look(claim))) for claim in claims)
    cells = {cell_id(t.cell): t.cell for d in designs for t in d.trials}
    return Plan(designs=designs, cells=cells)


def _last_look(claim: Claim) -> int:
    seeds = getattr(claim.experiment, "seeds", None)
    return len(seeds.looks) - 1 if seeds is not None else 0


def explain_missing(
    plan: Plan, stored: Collection[str], older: Mapping[CellKey, Sequence[Cell]]
) -> tuple[Missing, ...]:
    """Why cells are missing: never run, or what differs from the nearest record that there is."""
    reasons: Counter[str] = Counter()
    for identity, cell in plan.cells.items():
        if identity not in stored:
            reasons[_difference(cell, older.get(key_of(cell), ()))] += 1
    return tuple(Missing(why, count) for why, count in reasons.most_common())


def _difference(cell: Cell, relatives: Iterable[Cell]) -> str:
    candidates = [_differing_parts(cell, other) for other in relatives]
    if not candidates:
        return "never run"
    return "stored only with another " + ", ".join(
        sorted(candidates, key=lambda parts: (len(parts), parts))[0]
    )


def _differing_parts(cell: Cell, other: Cell) -> list[str]:
    names = {
        "model": "model",
        "train": "training data",
        "evaluate": "evaluation data",
        "training": "set of hyper-parameters",
        "fusion": "fusion module setting",
        "steps": "version of the code",
        "checkpoints": "choice of checkpoints",
        "pair_head": "head for pairs",
    }
    return [
        title
        for field, title in names.items()
        if getattr(cell, field, None) != getattr(other, field, None)
    ]


def seconds_of(
    cells: Iterable[Cell], scene: Scene, measured: Mapping[CostKey, float]
) -> float | None:
    """Core-seconds that cells will take, from measured means of their kind or the setting's.

    None where neither is known for some task.
    """
    total = 0.0
    for cell in cells:
        seconds = cell_seconds(cell, scene, measured)
        if seconds is None:
            return None
        total += seconds
    return total


def cell_seconds(cell: Cell, scene: Scene, measured: Mapping[CostKey, float]) -> float | None:
    """Core-seconds of one cell: the measured mean of its kind, or what setting or kind state."""
    task = task_setting(cell, scene.setting)
    own = task.seconds_per_cell if task is not None and cell.kind == "fine_tune" else None
    return measured.get(cost_key(cell), cell.typical_seconds if own is None else own)


def task_setting(cell: Cell, setting: Setting) -> TaskSetting | None:
    """The part of the setting that says how the cell's data are trained on.

    Cells of code-switching are told by what they are evaluated on, pairs of languages: corpora of
    one language and of two may have the same format.
    """
    mixed = setting.code_switching
    if mixed is not None and any(is_pair(piece.language) for piece in cell.evaluate):
        return mixed.tasks.get(cell.task)
    return setting.tasks.get(cell.task)

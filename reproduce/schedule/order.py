"""The order of cells: what shows something of every task comes first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest

from reproduce.nouns.cell import Cell


def interleave(cells: Sequence[Cell]) -> list[Cell]:
    """Baselines first, then the rest, each round-robin over tasks; otherwise as given."""
    baselines = [cell for cell in cells if cell.fusion.kind == "last"]
    others = [cell for cell in cells if cell.fusion.kind != "last"]
    return [*_round_robin(baselines), *_round_robin(others)]


def _round_robin(cells: Iterable[Cell]) -> list[Cell]:
    by_task: dict[str, list[Cell]] = {}
    for cell in cells:
        by_task.setdefault(cell.task, []).append(cell)
    rounds = zip_longest(*by_task.values())
    return [cell for cell in chain.from_iterable(rounds) if cell is not None]

"""What happens to cells while they run: events for a display, and the count at the end."""

from __future__ import annotations

from dataclasses import dataclass

from reproduce.nouns.cell import Cell
from reproduce.nouns.contract import ContractCell
from reproduce.nouns.run import Failure


@dataclass(frozen=True)
class Started:
    """A worker began an attempt at a cell."""

    cell: Cell


@dataclass(frozen=True)
class Finished:
    """A cell has a record in the store; `reused` if it had one before."""

    cell: Cell
    seconds: float
    score: str  # as shown to people
    reused: bool = False


@dataclass(frozen=True)
class Failed:
    """One attempt at a cell failed; `final` if it was the last."""

    cell: Cell
    attempt: int  # from 1
    error: str
    final: bool


Event = Started | Finished | Failed


@dataclass(frozen=True)
class Summary:
    """What became of the cells of one call, by id."""

    done: tuple[str, ...]
    reused: tuple[str, ...]
    failed: tuple[Failure, ...]
    not_run: tuple[str, ...]
    interrupted: bool = False
    gpu_seconds: float = 0.0


def cell_title(cell: Cell) -> str:
    """`pos dlfa@4 seed 3`: what a person calls a cell; exact checks train nothing of a task."""
    if isinstance(cell, ContractCell):
        return f"exact checks ({cell.checks[0]}{', ...' if len(cell.checks) > 1 else ''})"
    layer = "" if cell.fusion.layer is None else f"@{cell.fusion.layer}"
    return f"{cell.task} {cell.fusion.kind}{layer} seed {cell.seed}"

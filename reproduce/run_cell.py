"""From a cell to its record: the one function that executors call."""

from __future__ import annotations

from reproduce.nouns.cell import Cell, Whereabouts
from reproduce.nouns.record import Record


def run_cell(cell: Cell, whereabouts: Whereabouts) -> Record:
    """Compute a cell; imports what its kind needs.

    Raises:
        ReproduceError: the cell failed for a known reason; anything else is a bug.
    """
    if cell.kind == "fine_tune":
        from reproduce.training.fine_tune import fine_tune

        return fine_tune(cell, whereabouts)
    raise AssertionError(f"no such kind of cell: {cell.kind}")


def warm_up() -> None:
    """Import what cells need, so that a worker does it once and no cell's time contains it."""
    from transformers import BertModel  # noqa: F401

    import reproduce.training.fine_tune  # noqa: F401

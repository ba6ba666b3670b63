"""From a cell to its record: the one function that executors call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reproduce.nouns.cell import Cell, Whereabouts
from reproduce.nouns.record import Record
from reproduce.registry import Registry

# The function behind each kind of cell in `reproduce.nouns.cell.CELLS`.
RUNNERS: Registry[Callable[[Any, Whereabouts], Record]] = Registry(
    "runner",
    {
        "fine_tune": "reproduce.training.fine_tune:fine_tune",
        "retrieval": "reproduce.probing.retrieval:retrieve",
        "probe": "reproduce.probing.probe:probe",
        "similarity": "reproduce.probing.similarity:compare",
        "majority": "reproduce.training.majority:majority",
        "contract": "reproduce.contracts.check:check_contract",
    },
)


def run_cell(cell: Cell, whereabouts: Whereabouts) -> Record:
    """Compute a cell; imports what its kind needs.

    Raises:
        ReproduceError: the cell failed for a known reason; anything else is a bug.
    """
    return RUNNERS.get(cell.kind)(cell, whereabouts)


def warm_up() -> None:
    """Import what cells need, so that a worker does it once and no cell's time contains it."""
    from transformers import BertModel  # noqa: F401

    import reproduce.training.fine_tune  # noqa: F401

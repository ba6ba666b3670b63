"""The executor `inline`: cells one after the other in this process, for debugging."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from reproduce.nouns.cell import Cell, Whereabouts
from reproduce.schedule.attempt import attempt
from reproduce.schedule.deadline import deadline
from reproduce.schedule.ledger import Ledger
from reproduce.schedule.options import Options
from reproduce.schedule.threads import use_one_thread


def run_inline(
    cells: Sequence[Cell], whereabouts: Whereabouts, ledger: Ledger, options: Options
) -> None:
    """Run cells in order; a failed one is tried again at once."""
    with _visible_gpus(options.gpus_per_cell):
        use_one_thread()
        for cell in cells:
            again = True
            while again and not ledger.spent:
                ledger.started(cell)
                limit = deadline(options.cell_timeout_s)
                again = ledger.take(cell, attempt(options.run_cell, cell, whereabouts, limit))


@contextmanager
def _visible_gpus(gpus_per_cell: float) -> Iterator[None]:
    """Hide the GPUs from cells that ask for none, as the workers of `ray` do."""
    if gpus_per_cell > 0 or "torch" in sys.modules:
        yield
        return
    before = os.environ.get("CUDA_VISIBLE_DEVICES")
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    try:
        yield
    finally:
        if before is None:
            del os.environ["CUDA_VISIBLE_DEVICES"]
        else:
            os.environ["CUDA_VISIBLE_DEVICES"] = before

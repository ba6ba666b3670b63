"""From a contract's cell to its record."""

from __future__ import annotations

import numpy as np
import torch

from reproduce.contracts.bench import Bench
from reproduce.errors import CellError
from reproduce.models.fusion import check_fusion
from reproduce.nouns.cell import Whereabouts
from reproduce.nouns.contract import CHECKS, ContractCell
from reproduce.nouns.record import Check, Content, Record, Segment
from reproduce.training.batches import Layout, make_batch
from reproduce.training.encode import Encoded, special_ids
from reproduce.training.fine_tune import encoded, load_base

SENTENCES = 16  # from the shortest to the longest of the slice
_LONGEST = 128  # sub-words


def check_contract(cell: ContractCell, whereabouts: Whereabouts) -> Record:
    """Make all checks of a cell.

    Raises:
        CellError: the cell names no slice.
        UserError: a check that does not exist, or a module that does not fit the encoder.
        DataError: the slice cannot be read, or has changed since it was pinned.
        CheckpointError: the checkpoint cannot be used, or has changed since it was pinned.
    """
    if not cell.evaluate:
        raise CellError("a contract needs sentences, but its cell names no slice")
    base = load_base(cell.model, whereabouts.checkpoints.get(cell.model, ""))
    config = base.encoder.config
    for fusion in cell.modules:
        check_fusion(fusion, layers=config.num_hidden_layers, hidden=config.hidden_size)
    length = min(_LONGEST, config.max_position_embeddings)
    data = encoded(cell.evaluate[0], base, length, whereabouts)
    batch = make_batch(data, _spread(data), Layout(special_ids(base.tokenizer).pad, restart=True))
    bench = Bench(base.encoder, batch, cell.modules, cell.seed)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # sums keep their order
    try:
        made = tuple(CHECKS.get(name)(bench) for name in cell.checks)
    finally:
        torch.set_num_threads(threads)
    return _record(cell, made)


def _spread(data: Encoded) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Rows of sentences of evenly spread lengths, so that a batch of them has padding."""
    order = np.argsort(data.ids.lengths(), kind="stable")
    places = np.linspace(0, len(order) - 1, min(SENTENCES, len(order))).round().astype(int)
    return np.asarray(order[np.unique(places)], dtype=np.int64)


def _record(cell: ContractCell, checks: tuple[Check, ...]) -> Record:
    """A record whose score is the share of checks that hold."""
    count = len(checks)
    piece = cell.evaluate[0]
    segment = Segment(
        checkpoint="last", language=piece.language, split=piece.split, start=0, stop=count
    )
    return Record(
        content=Content(
            cell=cell,
            metric="share",
            labels=(),
            segments=(segment,),
            epochs=(),
            chosen={},
            checks=checks,
        ),
        statistics=np.array([[check.holds, 1] for check in checks], dtype=np.int32),
        clusters=np.arange(count, dtype=np.int64),
        offsets=np.zeros(count + 1, dtype=np.int64),
        predictions=np.zeros(0, dtype=np.int16),
    )

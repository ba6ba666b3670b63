from __future__ import annotations

import numpy as np
import pytest

from reproduce.contracts.check import check_contract
from reproduce.errors import CellError, UserError
from reproduce.models.checkpoint import inspect_checkpoint
from reproduce.nouns.cell import Fusion
from reproduce.nouns.contract import ContractCell
from reproduce.run_cell import run_cell
from tests.training.factory import piece, whereabouts


def make_cell(folder, **changes) -> ContractCell:
    values = {
        "model": inspect_checkpoint(folder).digest,
        "task": "pos",
        "evaluate": (piece("pos", "test", 12),),
        "checks": ("convolutions_are_pointwise", "two_convolutions_in_the_module"),
        "modules": (Fusion(kind="dlfa", layer=1),),
        "steps": {},
    }
    return ContractCell(**(values | changes))


def test_the_record_scores_the_share_of_checks_that_hold(tiny_checkpoint):
    record = run_cell(make_cell(tiny_checkpoint), whereabouts(tiny_checkpoint))
    assert [c.holds for c in record.content.checks] == [True, False]
    assert record.statistics.tolist() == [[1, 1], [0, 1]]
    assert record.content.metric == "share"
    [segment] = record.content.segments
    assert (segment.language, segment.start, segment.stop) == ("en", 0, 2)


def test_the_same_cell_gives_the_same_record(tiny_checkpoint):
    names = ("gate_lies_between_0_and_1", "gate_depends_on_the_input")
    cell = make_cell(tiny_checkpoint, checks=names)
    one, two = (check_contract(cell, whereabouts(tiny_checkpoint)) for _ in range(2))
    assert one.content == two.content
    assert np.array_equal(one.statistics, two.statistics)


def test_an_unknown_check_is_refused(tiny_checkpoint):
    cell = make_cell(tiny_checkpoint, checks=("gate_lies_between_0_and_2",))
    with pytest.raises(UserError, match="did you mean 'gate_lies_between_0_and_1'"):
        check_contract(cell, whereabouts(tiny_checkpoint))


def test_a_module_that_does_not_fit_the_encoder_is_refused(tiny_checkpoint):
    cell = make_cell(tiny_checkpoint, modules=(Fusion(kind="dlfa", layer=3),))
    with pytest.raises(UserError, match="cannot fuse layer 3"):
        check_contract(cell, whereabouts(tiny_checkpoint))


def test_a_cell_without_sentences_is_refused(tiny_checkpoint):
    with pytest.raises(CellError, match="names no slice"):
        check_contract(make_cell(tiny_checkpoint, evaluate=()), whereabouts(tiny_checkpoint))

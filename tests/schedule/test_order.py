"""Tests of the order in which cells run."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reproduce.schedule.order import interleave
from tests.schedule.fake_runner import make_cell

cells = st.lists(
    st.builds(
        make_cell,
        st.integers(0, 3),
        task=st.sampled_from(["pos", "ner", "xnli"]),
        fusion=st.sampled_from(["last", "dlfa"]),
    ),
    max_size=12,
)


@given(cells)
def test_nothing_is_lost_or_added(given_cells):
    def key(cell):
        return cell.model_dump_json()

    assert sorted(interleave(given_cells), key=key) == sorted(given_cells, key=key)


@given(cells)
def test_baselines_come_first(given_cells):
    kinds = [cell.fusion.kind for cell in interleave(given_cells)]
    assert kinds == sorted(kinds, reverse=True)


def test_every_task_has_its_turn_before_any_has_its_second():
    given_cells = [make_cell(seed, task=task) for task in ("ner", "pos") for seed in (0, 1)]
    ordered = [(cell.task, cell.seed) for cell in interleave(given_cells)]
    assert ordered == [("ner", 0), ("pos", 0), ("ner", 1), ("pos", 1)]

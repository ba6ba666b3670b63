from __future__ import annotations

import numpy as np
import pytest

from reproduce.errors import DataError
from reproduce.nouns.cell import Whereabouts
from reproduce.nouns.probe import Retrieval
from reproduce.nouns.setting import DataChoice
from reproduce.probing.frozen import states_of
from reproduce.probing.retrieval import nearest
from reproduce.run_cell import run_cell
from reproduce.store.records import decode, encode
from reproduce.world.source import SOURCE as WORLD
from tests.probing.factory import make_cell, piece, whereabouts


def by_definition(x, y):
    """For each row of x the row of y of the largest cosine, one pair at a time."""

    def cosine(a, b):
        return (a @ b) / (np.sqrt(a @ a) * np.sqrt(b @ b))

    return [max(range(len(y)), key=lambda j: cosine(a, y[j])) for a in x]


@pytest.mark.parametrize("centred", [False, True])
def test_neighbours_are_those_of_the_definition(centred):
    rng = np.random.default_rng(0)
    x, y = rng.normal(2, 1, (40, 8)), rng.normal(2, 1, (40, 8))
    found = nearest(x, y, centred=centred)
    if centred:
        x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    assert found.forward.tolist() == by_definition(x, y)
    assert found.backward.tolist() == by_definition(y, x)


def test_centring_takes_off_what_a_language_adds_to_all_its_sentences():
    x = np.random.default_rng(0).normal(size=(30, 6))
    moved = x + 9 * np.ones(6)
    assert nearest(x, moved, centred=True).forward.tolist() == list(range(30))
    assert nearest(x, moved, centred=False).forward.tolist() != list(range(30))


def test_a_sentence_without_any_direction_is_no_error():
    assert nearest(np.zeros((3, 2)), np.eye(3, 2), centred=False).forward.tolist() == [0, 0, 0]


@pytest.mark.parametrize("task", ["retrieval", "retrieval_raw"])
def test_a_record_counts_both_directions_of_each_pair(tiny_checkpoint, task):
    cell = make_cell(Retrieval, tiny_checkpoint, task)
    record = run_cell(cell, whereabouts(tiny_checkpoint))
    first, second = states_of(cell.evaluate[0], cell, whereabouts(tiny_checkpoint))
    found = nearest(first.pooled[1], second.pooled[1], centred=task == "retrieval")
    own = np.arange(30)
    right = (found.forward == own).astype(int) + (found.backward == own)
    assert record.statistics[:30].tolist() == [[n, 2] for n in right]
    assert record.content.measures["to_source"][0] == (found.forward == own).mean()
    assert record.content.measures["from_source"][0] == (found.backward == own).mean()
    assert [s.language for s in record.content.segments] == ["de", "fr"]
    assert decode(encode(record)).content == record.content


def test_single_sentences_are_refused(tiny_checkpoint):
    cell = make_cell(Retrieval, tiny_checkpoint, "retrieval", evaluate=(piece("de"),))
    with pytest.raises(DataError, match="single sentences"):
        run_cell(cell, whereabouts(tiny_checkpoint))


def test_the_world_gives_sentences_beside_their_meaning_in_the_source_language():
    choice, places = DataChoice(source="world"), Whereabouts(checkpoints={})
    pairs, others = (
        WORLD.load(WORLD.describe(choice, "retrieval", code, "test", 4), places)
        for code in ("kor", "tum")
    )
    assert {(p.first.language, p.second.language) for p in pairs} == {("kor", "ava")}
    assert [p.second for p in pairs] == [p.second for p in others]
    assert all(p.cluster == p.first.cluster == p.second.cluster for p in pairs)
    assert len({p.cluster for p in pairs}) == 4

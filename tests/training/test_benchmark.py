from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seqeval.metrics import f1_score
from seqeval.metrics.sequence_labeling import get_entities

from reproduce.nouns.sentence import UPOS
from reproduce.tasks import TASKS
from reproduce.training.benchmark import find_runs, span_measures
from reproduce.training.encode import Ragged

# seqeval says that these tags are none of named entities; XTREME goes on all the same.
pytestmark = pytest.mark.filterwarnings("ignore:.*seems not to be NE tag")

# The tags that seqeval 1.2, which cuts off their first letters, confuses with others.
LOST = ("SCONJ", "X")
KEPT = [number for number, tag in enumerate(UPOS) if tag not in LOST]

tags = st.lists(st.sampled_from(KEPT), min_size=1, max_size=8)
paired = st.lists(
    tags.flatmap(
        lambda gold: st.tuples(
            st.just(gold),
            st.lists(
                st.sampled_from(sorted({*gold, 6, 14})), min_size=len(gold), max_size=len(gold)
            ),
        )
    ),
    min_size=1,
    max_size=5,
)


@dataclass
class Rows:
    labels: Ragged


def ragged(rows: list[list[int]]) -> Ragged:
    lengths = np.cumsum([0, *map(len, rows)])
    return Ragged(np.array([tag for row in rows for tag in row]), lengths)


@given(st.lists(tags, min_size=1, max_size=5))
def test_spans_over_tags_are_those_of_seqeval(rows):
    made = ragged(rows)
    found = find_runs(UPOS, made.flat, made.offsets)
    expected = []
    for start, row in zip(made.offsets, rows, strict=False):
        entities = get_entities([UPOS[tag] for tag in row])
        expected += [
            (start + a, start + b, next(n for n in KEPT if UPOS[n][1:] == kind))
            for kind, a, b in entities
        ]
    assert list(zip(found.first, found.last, found.kind, strict=True)) == expected


@given(paired)
def test_span_f1_over_tags_is_that_of_seqeval(rows):
    gold, found = [g for g, _ in rows], [f for _, f in rows]
    measures = span_measures(
        TASKS.get("pos"),
        Rows(ragged(gold)),  # type: ignore[arg-type]
        ragged(found).flat.astype(np.int16),
        {"de/test": (0, len(rows))},
    )
    matched, predicted, true = measures["span_f1/de/test"]
    expected = f1_score([[UPOS[t] for t in r] for r in gold], [[UPOS[t] for t in r] for r in found])
    assert abs(2 * matched / (predicted + true) - expected) < 1e-12


def test_each_language_is_counted_by_itself():
    gold = [[0, 1], [2], [3, 3]]
    found = np.array([0, 1, 1, 3, 3], dtype=np.int16)
    places = {"de/test": (0, 1), "fr/test": (1, 3)}
    measures = span_measures(TASKS.get("pos"), Rows(ragged(gold)), found, places)  # type: ignore[arg-type]
    assert measures == {"span_f1/de/test": (2, 2, 2), "span_f1/fr/test": (1, 2, 2)}


def test_nothing_is_counted_where_the_task_has_spans_of_its_own():
    assert span_measures(TASKS.get("ner"), Rows(ragged([[0]])), np.array([0]), {"x": (0, 1)}) == {}  # type: ignore[arg-type]


def test_subordinating_conjunctions_are_spans_of_one_word_and_x_is_a_tag_like_others():
    sconj, x = UPOS.index("SCONJ"), UPOS.index("X")
    found = find_runs(UPOS, np.array([sconj, sconj, x, x]), np.array([0, 4]))
    assert [*zip(found.first, found.last, strict=True)] == [(0, 0), (1, 1), (2, 3)]

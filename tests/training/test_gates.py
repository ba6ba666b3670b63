from __future__ import annotations

from contextlib import nullcontext

import numpy as np
import pytest
import torch

from reproduce.models.checkpoint import load_encoder
from reproduce.nouns.cell import Fusion
from reproduce.nouns.record import GATE_NUMBERS
from reproduce.tasks import TASKS
from reproduce.training import fine_tune as module
from reproduce.training.batches import Layout, make_batch
from reproduce.training.encode import encode_examples, special_ids
from reproduce.training.fine_tune import build_model, fine_tune
from reproduce.training.gates import gate_measures, watched
from reproduce.training.seeds import seeds_of
from tests.training.factory import examples, make_cell, whereabouts

DLFA = Fusion(kind="dlfa", layer=1)


def run(folder, *args, **changes):
    return fine_tune(make_cell(folder, *args, **changes), whereabouts(folder))


def gates(record):
    found = record.content.measures.items()
    return {name: numbers for name, numbers in found if name.startswith("gate/")}


@pytest.mark.parametrize(
    ("task", "classes"),
    [
        ("pos", {"DET", "NOUN", "VERB", "ADJ", "PART", "ADP", "name", "special", "all"}),
        ("ner", {"name", "other", "special", "all"}),
        ("xnli", {"first", "second", "special", "all"}),
        ("sentiment", {"sentence", "special", "all"}),
    ],
)
def test_a_gate_is_measured_on_every_test_slice_by_class_of_token(tiny_checkpoint, task, classes):
    measures = gates(run(tiny_checkpoint, task, DLFA))
    assert {name.split("/")[1] for name in measures} == {"en", "de"}
    assert {name.split("/")[2] for name in measures if "/en/" in name} == classes
    for numbers in measures.values():
        found = dict(zip(GATE_NUMBERS, numbers, strict=True))
        assert 0 < found["decile 1"] <= found["decile 5"] <= found["decile 9"] < 1
        assert found["tokens"] >= 1


@pytest.mark.parametrize("kind", ["last", "dlfa_constant"])
def test_a_module_without_a_dynamic_gate_has_no_measures(tiny_checkpoint, kind):
    fusion = Fusion(kind=kind, layer=None if kind == "last" else 1)
    assert gates(run(tiny_checkpoint, "pos", fusion)) == {}


@pytest.mark.parametrize("task", ["pos", "xnli"])
def test_looking_at_the_gate_changes_no_bit_of_the_scores(tiny_checkpoint, task, monkeypatch):
    with_gates = run(tiny_checkpoint, task, DLFA)
    monkeypatch.setattr(module, "watched", lambda model: nullcontext([]))
    without = run(tiny_checkpoint, task, DLFA)
    assert gates(with_gates)
    assert gates(without) == {}
    assert with_gates.content.epochs == without.content.epochs
    assert np.array_equal(with_gates.predictions, without.predictions)
    assert np.array_equal(with_gates.statistics, without.statistics)


def sentence_by_sentence(model, data, layout):
    """The gates of each row, computed for it alone: float [tokens] a row."""
    found = []
    for row in range(len(data)):
        batch = make_batch(data, np.array([row]), layout)
        with torch.no_grad(), watched(model) as seen:
            model(batch)
        found.append(torch.cat(seen).double().numpy())
    return found


def test_the_numbers_are_those_of_a_direct_computation(tiny_checkpoint):
    """Oracle: row by row, token by token, from the sentences themselves."""
    encoder, tokenizer = load_encoder(tiny_checkpoint)
    task = TASKS.get("pos")
    sentences = examples("pos", 9, seed=5)
    data = encode_examples(sentences, task, tokenizer, max_length=64)
    layout = Layout(special_ids(tokenizer).pad, restart=True)
    cell = make_cell(tiny_checkpoint, "pos", DLFA)
    with torch.random.fork_rng():
        model = build_model(cell, encoder, seeds_of(1)).eval()
    with watched(model) as seen:
        module.predict(model, data, layout)
    segment = module.segments_of(cell.evaluate[2:3], [data], ("last",))
    measures = gate_measures(seen, data, segment, task)
    rows = sentence_by_sentence(model, data, layout)
    nouns = [
        [
            value
            for value, token in zip(row[1:-1], _tags(sentence, tokenizer), strict=True)
            if token == "NOUN"
        ]
        for row, sentence in zip(rows, sentences, strict=True)
    ]
    flat = np.concatenate([n for n in nouns if n])
    expected = [
        flat.mean(),
        flat.std(),
        np.std([np.mean(n) for n in nouns if n]),
        *np.quantile(flat, np.arange(1, 10) / 10),
        len(flat),
    ]
    assert measures["gate/en/NOUN"] == pytest.approx(expected, abs=2e-6)
    assert measures["gate/en/all"][0] == pytest.approx(np.concatenate(rows).mean(), abs=2e-6)
    assert measures["gate/en/special"][-1] == 2 * len(rows)


def _tags(sentence, tokenizer):
    for word, tag in zip(sentence.words, sentence.tags, strict=True):
        pieces = tokenizer.encode([word], is_pretokenized=True, add_special_tokens=False)
        yield from [tag] * len(pieces.ids)


def test_both_sentences_of_a_pair_and_its_special_tokens_are_told_apart(tiny_checkpoint):
    record = run(tiny_checkpoint, "xnli", DLFA)
    count = {name.split("/")[2]: int(n[-1]) for name, n in gates(record).items()}
    assert count["special"] == 3 * 12
    assert count["first"] + count["second"] + count["special"] == count["all"]

from __future__ import annotations

import numpy as np
import pytest
import torch

from reproduce.errors import CellError, CheckpointError
from reproduce.models.checkpoint import load_encoder
from reproduce.nouns.cell import Fusion, Whereabouts
from reproduce.nouns.probe import Probe, Retrieval
from reproduce.probing import frozen
from reproduce.probing.frozen import states_of
from tests.probing.factory import SOURCE, make_cell, piece, whereabouts


def states(folder, **changes):
    cell = make_cell(Probe, folder, "pos_probe", **changes)
    return states_of(cell.evaluate[0], cell, whereabouts(folder))[0]


def test_all_layers_equal_those_of_transformers(tiny_checkpoint):
    found = states(tiny_checkpoint)
    encoder, _ = load_encoder(str(tiny_checkpoint))
    start, stop = found.encoded.ids.offsets[4:6]
    ids = torch.tensor(found.encoded.ids.flat[start:stop])[None]
    with torch.inference_mode():
        hidden = encoder.eval()(input_ids=ids, output_hidden_states=True).hidden_states
    first, last = found.encoded.starts.offsets[4:6]
    for layer, expected in enumerate(hidden):
        pooled = expected[0, 1:-1].mean(dim=0).numpy()
        np.testing.assert_allclose(found.pooled[layer, 4], pooled, atol=2e-6)
        words = expected[0, found.encoded.starts.flat[first:last]].numpy()
        np.testing.assert_allclose(found.words[layer, first:last], words, atol=2e-6)


def test_states_of_all_layers_are_computed_once(tiny_checkpoint):
    before = SOURCE.loads
    for layer in (0, 1, 3):
        states(tiny_checkpoint, layer=layer)
    assert SOURCE.loads == before + 1


def test_what_does_not_fit_into_the_memory_is_computed_again(tiny_checkpoint, monkeypatch):
    monkeypatch.setattr(frozen, "KEPT", 1)
    before = SOURCE.loads
    one, other = states(tiny_checkpoint), states(tiny_checkpoint)
    assert SOURCE.loads == before + 2
    np.testing.assert_array_equal(one.words, other.words)


def test_pairs_have_the_states_of_both_sides(tiny_checkpoint):
    cell = make_cell(Retrieval, tiny_checkpoint, "retrieval")
    first, second = states_of(piece("de", "retrieval"), cell, whereabouts(tiny_checkpoint))
    assert {s.language for s in first.sentences} == {"de"}
    assert {s.language for s in second.sentences} == {"en"}


def test_a_layer_that_is_not_there_is_refused(tiny_checkpoint):
    with pytest.raises(CellError, match="no layer 4 in 3 layers"):
        states(tiny_checkpoint, layer=4)


def test_a_fusion_is_no_layer(tiny_checkpoint):
    with pytest.raises(CellError, match="not the fusion 'last'"):
        states(tiny_checkpoint, fusion=Fusion())


def test_sentences_longer_than_the_encoder_are_refused(tiny_checkpoint):
    with pytest.raises(CheckpointError, match="128 positions"):
        states(tiny_checkpoint, max_length=256)


def test_a_checkpoint_that_is_not_known_is_refused(tiny_checkpoint):
    cell = make_cell(Probe, tiny_checkpoint, "pos_probe")
    with pytest.raises(CheckpointError, match="not known where"):
        states_of(cell.evaluate[0], cell, Whereabouts(checkpoints={}))


def test_the_number_of_threads_is_given_back(tiny_checkpoint):
    before = torch.get_num_threads()
    states(tiny_checkpoint)
    assert torch.get_num_threads() == before

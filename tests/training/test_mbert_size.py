"""A checkpoint of multilingual BERT's very configuration through every fusion module.

Two layers and one module by default; `REPRODUCE_SLOW=1 pytest tests/training/test_mbert_size.py`
takes all twelve layers, every module, words and pairs: some minutes and about 6 GB.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from reproduce.models.checkpoint import inspect_checkpoint
from reproduce.models.fusion import FUSIONS, needs_lower
from reproduce.nouns.cell import Fusion
from reproduce.training.fine_tune import fine_tune
from tests.tiny import LETTERS, SPECIAL, WORDS, write_tokenizer
from tests.training.factory import make_cell, piece, register, whereabouts

SLOW = os.environ.get("REPRODUCE_SLOW") == "1"
LAYERS = 12 if SLOW else 2
MODULES = tuple(FUSIONS) if SLOW else ("dlfa",)
VOCABULARY = 119_547


@pytest.fixture(scope="module")
def mbert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("mbert")
    config = BertConfig(  # of google-bert/bert-base-multilingual-cased, but perhaps for the layers
        vocab_size=VOCABULARY,
        hidden_size=768,
        num_hidden_layers=LAYERS,
        num_attention_heads=12,
        intermediate_size=3072,
        max_position_embeddings=512,
        type_vocab_size=2,
    )
    torch.manual_seed(0)
    BertModel(config).save_pretrained(folder)
    real = [*SPECIAL, *LETTERS, *(f"##{letter}" for letter in LETTERS), *WORDS]
    filler = [f"[unused{number}]" for number in range(VOCABULARY - len(real))]
    write_tokenizer(folder, [*real, *filler])
    return folder


def test_the_facts_of_the_checkpoint_are_those_of_mbert(mbert: Path) -> None:
    facts = inspect_checkpoint(mbert)
    assert (facts.layers, facts.hidden, facts.vocabulary) == (LAYERS, 768, VOCABULARY)
    assert facts.positions == 512
    if SLOW:
        assert facts.parameters == 177_853_440


@pytest.mark.parametrize("task", ["pos", "pawsx"])
@pytest.mark.parametrize("kind", MODULES)
def test_a_few_steps_of_every_module_train_and_score(mbert: Path, kind: str, task: str) -> None:
    fusion = Fusion(kind=kind, layer=LAYERS // 2 if needs_lower(kind) else None)
    register()
    cell = make_cell(
        mbert,
        task,
        fusion=fusion,
        training={"epochs": 1, "batch_size": 4, "learning_rate": 2e-5},
        train=(piece(task, "train", 8),),
        evaluate=(piece(task, "test", 4, "de"),),
    )
    record = fine_tune(cell, whereabouts(mbert))
    assert np.isfinite(record.content.epochs).all()
    assert (record.predictions >= 0).all()

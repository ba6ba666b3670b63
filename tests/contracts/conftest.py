from __future__ import annotations

import pytest
import torch

from reproduce.contracts.bench import Bench
from reproduce.models.checkpoint import load_encoder
from reproduce.nouns.cell import Fusion
from reproduce.training.batches import Layout, make_batch
from reproduce.training.encode import encode_examples, special_ids
from tests.training import factory

MODULES = tuple(
    Fusion(kind="dlfa", layer=2, reading=reading, squeeze=squeeze)
    for reading in ("complementary", "product")
    for squeeze in (4, 16)
)


@pytest.fixture(scope="session", autouse=True)
def memory_source() -> factory.MemorySource:
    factory.register()
    return factory.SOURCE


@pytest.fixture(scope="module")
def bench(tiny_checkpoint) -> Bench:
    from reproduce.tasks import TASKS

    torch.set_num_threads(1)
    encoder, tokenizer = load_encoder(tiny_checkpoint)
    data = encode_examples(factory.examples("pos", 6), TASKS.get("pos"), tokenizer, max_length=64)
    rows = data.ids.lengths().argsort()
    batch = make_batch(data, rows, Layout(special_ids(tokenizer).pad, restart=True))
    assert not batch.mask.all()  # some sentences are padded
    return Bench(encoder, batch, MODULES, seed=3)

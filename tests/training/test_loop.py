from __future__ import annotations

import copy
import math

import pytest
import torch
from torch import nn

from reproduce.errors import CellError
from reproduce.models.checkpoint import load_encoder
from reproduce.nouns.cell import Fusion
from reproduce.tasks import TASKS
from reproduce.training.batches import Layout, make_batch, training_rows
from reproduce.training.encode import encode_examples
from reproduce.training.fine_tune import build_model
from reproduce.training.loop import make_optimizer, rate, train
from reproduce.training.seeds import derive, seeds_of
from tests.training.factory import examples, make_cell

LAYOUT = Layout(pad=0, restart=True)


@pytest.fixture(scope="module")
def loaded(tiny_checkpoint):
    return load_encoder(tiny_checkpoint)


def setup(loaded, folder, **changes):
    cell = make_cell(folder, fusion=Fusion(kind="dlfa", layer=1), **changes)
    data = encode_examples(examples("pos", 40), TASKS.get("pos"), loaded[1], max_length=64)
    return build_model(cell, loaded[0], seeds_of(1)), data, cell.training


def test_the_loss_falls(loaded, tiny_checkpoint):
    model, data, training = setup(
        loaded, tiny_checkpoint, training={"epochs": 8, "learning_rate": 1e-2}
    )
    losses = list(train(model, data, training, seeds_of(1), LAYOUT))
    assert len(losses) == 8
    assert losses[-1] < 0.7 * losses[0]


def test_a_run_is_that_of_plain_adamw_over_separate_parameters(loaded, tiny_checkpoint):
    """The packed optimizer against torch's documented use, step by step."""
    changes = {"weight_decay": 0.1, "dropout": 0.0, "clip": 0.5, "warmup": 0.3}
    model, data, training = setup(loaded, tiny_checkpoint, training=changes)
    plain = copy.deepcopy(model)
    list(train(model, data, training, seeds_of(1), LAYOUT))
    groups = [
        {"params": [p for p in plain.parameters() if p.ndim > 1], "weight_decay": 0.1},
        {"params": [p for p in plain.parameters() if p.ndim == 1], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=training.learning_rate)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: rate(step, 10, 0.3))
    for epoch in (1, 2):
        for rows in training_rows(data.ids.lengths(), 8, derive(seeds_of(1).data, f"{epoch}")):
            batch = make_batch(data, rows, LAYOUT)
            optimizer.zero_grad()
            nn.functional.cross_entropy(plain(batch), batch.labels).backward()
            nn.utils.clip_grad_norm_(plain.parameters(), 0.5)
            optimizer.step()
            scheduler.step()
    for (name, found), expected in zip(model.named_parameters(), plain.parameters(), strict=True):
        torch.testing.assert_close(found, expected, rtol=1e-3, atol=2e-5, msg=name)


def test_vectors_do_not_decay(loaded, tiny_checkpoint):
    model, _, training = setup(loaded, tiny_checkpoint, training={"weight_decay": 0.1})
    sizes = {decay: sum(p.numel() for p in model.parameters() if (p.ndim > 1) is decay)
             for decay in (True, False)}  # fmt: skip
    groups = make_optimizer(model, training).param_groups
    assert {g["weight_decay"] > 0: g["params"][0].numel() for g in groups} == sizes


def test_the_rate_rises_to_its_peak_and_falls_to_nearly_zero():
    rates = [rate(step, 20, 0.2) for step in range(20)]
    assert rates[:5] == [0.25, 0.5, 0.75, 1.0, 1.0]
    assert all(a >= b for a, b in zip(rates[4:], rates[5:], strict=False))
    assert rates[-1] == pytest.approx(1 / 16)


def test_without_warm_up_the_rate_starts_at_its_peak():
    assert [rate(step, 4, 0.0) for step in range(4)] == [1.0, 0.75, 0.5, 0.25]


@pytest.mark.parametrize("steps", range(1, 30))
@pytest.mark.parametrize("warmup", [0.0, 0.1, 0.5, 0.99])
def test_the_rate_never_leaves_its_range(steps, warmup):
    assert all(0 < rate(step, steps, warmup) <= 1 for step in range(steps))


def test_a_loss_that_is_no_number_is_an_error_with_its_place(loaded, tiny_checkpoint):
    model, data, training = setup(loaded, tiny_checkpoint)
    with torch.no_grad():
        model.head.linear.weight.fill_(math.nan)
    with pytest.raises(CellError, match="the loss is nan in epoch 1, step 1"):
        list(train(model, data, training, seeds_of(1), LAYOUT))


def test_an_exploding_loss_is_noticed(loaded, tiny_checkpoint):
    model, data, training = setup(loaded, tiny_checkpoint, training={"epochs": 3})
    with torch.no_grad():
        model.head.linear.weight.fill_(math.inf)
    with pytest.raises(CellError, match="epoch 1"):
        list(train(model, data, training, seeds_of(1), LAYOUT))

"""The training loop."""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import nn
from torch.nn import functional

from reproduce.errors import CellError
from reproduce.models.classifier import FusionClassifier
from reproduce.nouns.setting import Training
from reproduce.training.batches import Layout, make_batch, training_rows
from reproduce.training.encode import Encoded
from reproduce.training.seeds import Seeds, derive


def train(
    model: FusionClassifier, data: Encoded, training: Training, seeds: Seeds, layout: Layout
) -> Iterator[float]:
    """Fine-tune in place, and yield the mean loss of the batches after each epoch.

    AdamW (no decay of biases and of LayerNorm), linear warm-up, then linear decay to 0, gradients
    clipped by their total norm.

    Raises:
        CellError: the loss is no number.
    """
    device = next(model.parameters()).device
    optimizer = make_optimizer(model, training)
    packed = [p for group in optimizer.param_groups for p in group["params"]]
    lengths = data.ids.lengths()
    steps = steps_of(training, len(data))
    step = 0
    for epoch in range(1, epochs_of(training, len(data)) + 1):
        model.train()
        losses = []
        order = training_rows(lengths, training.batch_size, derive(seeds.data, f"{epoch}"))
        for rows in order[: steps - step]:
            batch = make_batch(data, rows, layout).to(device)
            torch.manual_seed(derive(seeds.dropout, f"{step}"))
            loss = functional.cross_entropy(model(batch), batch.labels)
            losses.append(loss.item())
            if not math.isfinite(losses[-1]):
                raise CellError(f"the loss is {losses[-1]} in epoch {epoch}, step {step + 1}")
            optimizer.zero_grad(set_to_none=False)  # the model's gradients are views of these
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(packed, training.clip)
            for group in optimizer.param_groups:
                group["lr"] = training.learning_rate * rate(step, steps, training.warmup)
            optimizer.step()
            step += 1
        yield math.fsum(losses) / len(losses)


def steps_of(training: Training, rows: int) -> int:
    """How often the weights are updated."""
    return training.updates or training.epochs * math.ceil(rows / training.batch_size)


def epochs_of(training: Training, rows: int) -> int:
    """How often the data are gone through; the last time perhaps in part."""
    return math.ceil(steps_of(training, rows) / math.ceil(rows / training.batch_size))


def rate(step: int, steps: int, warmup: float) -> float:
    """Share of the peak learning rate at a step (from 0): up over `warmup`, then down to 0."""
    rising = warmup * steps
    if step < rising:
        return (step + 1) / math.ceil(rising)
    return (steps - step) / (steps - math.floor(rising))


def make_optimizer(model: nn.Module, training: Training) -> torch.optim.AdamW:
    """AdamW in which vectors (biases, LayerNorm, a constant gate) do not decay.

    The model's parameters become views of one tensor for each group: over hundreds of small tensors
    a step, a norm and zeroing cost several times more.
    """
    parameters = [p for p in model.parameters() if p.requires_grad]
    matrices = _pack([p for p in parameters if p.ndim > 1])
    vectors = _pack([p for p in parameters if p.ndim <= 1])
    groups = [
        {"params": [matrices], "weight_decay": training.weight_decay},
        {"params": [vectors], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=training.learning_rate, fused=True)


def _pack(parameters: list[nn.Parameter]) -> nn.Parameter:
    """One flat parameter with a gradient, of which all the given ones become views."""
    packed = nn.Parameter(torch.cat([p.detach().flatten() for p in parameters]))
    packed.grad = torch.zeros_like(packed)
    sizes = [p.numel() for p in parameters]
    values_of, gradients_of = torch.split(packed.data, sizes), torch.split(packed.grad, sizes)
    pieces = zip(parameters, values_of, gradients_of, strict=True)
    for parameter, values, gradient in pieces:
        parameter.data = values.view_as(parameter)
        parameter.grad = gradient.view_as(parameter)
    return packed

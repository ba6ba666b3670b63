"""Checks of shapes: B sentences, T sub-words, E numbers for each."""

from __future__ import annotations

from dataclasses import fields

import torch

from reproduce.contracts.bench import ENCODER_TOLERANCE, Bench, Case, Found, over_cases
from reproduce.models.batch import Batch
from reproduce.models.encoder import encode
from reproduce.nouns.record import Check


def layers(bench: Bench) -> Check:
    """Every layer gives a tensor B x T x E."""
    hidden = bench.encoder.config.hidden_size
    expected = (*bench.batch.ids.shape, hidden)
    shapes = [tuple(state.shape) for state in hidden_states(bench, bench.batch)[1:]]
    wrong = [f"layer {n}: {_times(s)}" for n, s in enumerate(shapes, 1) if s != expected]
    return Check(
        name="Every transformer layer gives a tensor B x T x E",
        holds=not wrong,
        detail="; ".join(wrong)
        or f"{len(shapes)} layers, each {_times(expected)}: {expected[0]} sentences, "
        f"{expected[1]} sub-words in the longest, {expected[2]} numbers each",
    )


def batch_axis(bench: Bench) -> Check:
    """The first axis is the batch: a sentence alone has the same representation."""
    together = encode_last(bench, bench.batch)
    lengths = bench.batch.mask.sum(dim=1)
    worst = 0.0
    for row, length in enumerate(lengths.tolist()):
        alone = encode_last(bench, _row(bench.batch, row, length))
        worst = max(worst, float((alone[0] - together[row, :length]).abs().max()))
    return Check(
        name="The first axis is the batch: each sentence alone gets the same representation",
        holds=worst < ENCODER_TOLERANCE,
        detail=f"largest difference {worst:.3g} over {len(lengths)} sentences",
    )


def output(bench: Bench) -> Check:
    """The fused representation has the shape of either layer."""

    def look(case: Case) -> Found:
        shape = tuple(case.output().shape)
        return Found(shape == tuple(case.last.shape), _times(shape))

    return over_cases("The fused representation is a tensor B x T x E too", bench, look)


def hidden_states(bench: Bench, batch: Batch) -> tuple[torch.Tensor, ...]:
    """What the library itself reports: the embeddings, then every layer, each [B, T, E]."""
    with torch.no_grad():
        found = bench.encoder(
            input_ids=batch.ids,
            attention_mask=batch.mask.long(),
            token_type_ids=batch.types,
            position_ids=batch.positions,
            output_hidden_states=True,
        ).hidden_states
    return tuple(found)


def encode_last(bench: Bench, batch: Batch) -> torch.Tensor:
    """The last layer's output, [B, T, E]."""
    with torch.no_grad():
        return encode(bench.encoder, batch, None).last


def _row(batch: Batch, row: int, length: int) -> Batch:
    kept = {"ids", "mask", "types", "positions"}
    values = {f.name: getattr(batch, f.name) for f in fields(batch)}
    cut = {k: v[row : row + 1, :length] if k in kept else v for k, v in values.items()}
    return Batch(**cut)


def _times(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))

"""The training loop: masked language modelling, then comparisons; one thread, float32."""

from __future__ import annotations

import math
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np
import numpy.typing as npt
import torch
from transformers import BertConfig, BertForMaskedLM

from reproduce.pretrain.comparison import Comparison, Heads, comparison_loss, comparisons
from reproduce.pretrain.corpus import Shards, pass_size
from reproduce.pretrain.examples import Batch, batches, mask
from reproduce.pretrain.recipe import Recipe

# First words of the seeds of random streams, so that no two share one.
_ORDER, _MASKS, _HELD_OUT = 1, 2, 3


@dataclass(frozen=True)
class Position:
    """Where a run stands: the next batch is number `batch` of shard `shard` in pass `turn`.

    `tokens` are trained already; `text` counts the sub-words of this pass's shards before it.
    Stage 0 models masked language, later ones compare sentences.
    """

    step: int = 0
    tokens: int = 0
    turn: int = 0
    shard: int = 0
    batch: int = 0
    text: int = 0
    stage: int = 0


@dataclass(eq=False)
class State:
    """All that changes during a run."""

    model: BertForMaskedLM
    heads: Heads
    optimizers: tuple[torch.optim.Optimizer, ...]
    position: Position


def build_model(recipe: Recipe, vocabulary: int, seed: int) -> BertForMaskedLM:
    """A BERT with its prediction head and random weights.

    No dropout: each sentence is seen once or a few times, and its random numbers cost a quarter
    of the time. Fine-tuning sets its own.
    """
    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=recipe.hidden,
        num_hidden_layers=recipe.layers,
        num_attention_heads=recipe.heads,
        intermediate_size=4 * recipe.hidden,
        max_position_embeddings=recipe.positions,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        initializer_range=recipe.init_range,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return BertForMaskedLM(config)


def new_state(
    recipe: Recipe, vocabulary: int, muon_class: type[torch.optim.Muon] = torch.optim.Muon
) -> State:
    """A run before its first step.

    The matrices of the layers are trained by Muon, all else by AdamW: in the first million
    tokens AdamW alone stays at the entropy of single words, Muon leaves it at once.
    """
    model = build_model(recipe, vocabulary, recipe.seed)
    matrices: list[torch.nn.Parameter] = []
    rest: list[torch.nn.Parameter] = []
    vectors: list[torch.nn.Parameter] = []
    for name, parameter in model.named_parameters():
        if parameter.dim() < 2:
            vectors.append(parameter)
        else:
            (matrices if ".encoder.layer." in name else rest).append(parameter)
    muon = muon_class(
        matrices, lr=recipe.matrix_rate, weight_decay=recipe.weight_decay, momentum=0.95
    )
    adam = torch.optim.AdamW(
        [
            {"params": rest, "weight_decay": recipe.weight_decay},
            {"params": vectors, "weight_decay": 0.0},
        ],
        lr=recipe.learning_rate,
        betas=(0.9, recipe.beta2),
        fused=True,
    )
    heads = _seeded_heads(recipe)
    compare = torch.optim.AdamW(heads.parameters(), lr=recipe.learning_rate, fused=True)
    for optimizer in (muon, adam, compare):
        for group in optimizer.param_groups:
            group["peak"] = group["lr"]
    return State(model, heads, (muon, adam, compare), Position())


def _seeded_heads(recipe: Recipe) -> Heads:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        return Heads(recipe.hidden)


def all_tokens(recipe: Recipe) -> int:
    """Sub-words that a whole run trains on."""
    return stage_ends(recipe)[-1]


def stage_ends(recipe: Recipe) -> list[int]:
    """Sub-words trained on at the end of each stage."""
    return list(accumulate([recipe.tokens, *(stage.tokens for stage in recipe.comparing)]))


def rate_share(recipe: Recipe, tokens: int) -> float:
    """The share of the peak learning rate: linear warm-up, then a cosine down to the floor.

    Each stage rises and falls once, the later ones to their own share of the peak.
    """
    ends = stage_ends(recipe)
    stage = min(bisect_right(ends, tokens), len(recipe.comparing))
    peak = recipe.comparing[stage - 1].rate if stage else 1.0
    begin = ends[stage - 1] if stage else 0
    done = (tokens - begin) / (ends[stage] - begin)
    if done < recipe.warmup:
        return peak * (done + 1e-3) / (recipe.warmup + 1e-3)
    fall = min(1.0, (done - recipe.warmup) / (1 - recipe.warmup))
    return peak * (recipe.floor + (1 - recipe.floor) * 0.5 * (1 + math.cos(math.pi * fall)))


def _upcoming(
    recipe: Recipe, shards: Shards, position: Position, begins: npt.NDArray[np.bool_]
) -> Iterator[tuple[Batch | Comparison, Position]]:
    """The batches from a position on, each with the position after it."""
    at, ends = position, stage_ends(recipe)
    while True:
        if at.stage < len(recipe.comparing) and at.tokens >= ends[at.stage]:
            at = replace(at, stage=at.stage + 1, turn=at.turn + 1, shard=0, batch=0, text=0)
        stage = at.stage
        # The last stage has no successor: it goes on until nobody asks for another batch.
        end = ends[stage] if stage < len(recipe.comparing) else math.inf
        comparing = recipe.comparing[stage - 1] if stage else None
        shard = shards.get(at.shard)
        rng = np.random.default_rng([recipe.seed, _ORDER, at.turn, at.shard])
        made: Sequence[Batch | Comparison] = (
            comparisons(shard, recipe, comparing, rng, begins)
            if comparing
            else batches(shard, recipe, rng)
        )
        for batch in made[at.batch :]:
            tokens = batch.batch.tokens if isinstance(batch, Comparison) else batch.tokens
            at = replace(at, step=at.step + 1, tokens=at.tokens + tokens, batch=at.batch + 1)
            yield batch, at
            if at.tokens >= end:
                break
        if at.tokens >= end:
            continue
        text = at.text + len(shard.ids)
        if text < pass_size(recipe):
            at = replace(at, shard=at.shard + 1, batch=0, text=text)
        else:
            at = replace(at, turn=at.turn + 1, shard=0, batch=0, text=0)


def masked_loss(
    model: BertForMaskedLM, batch: Batch, share: float, rng: np.random.Generator
) -> torch.Tensor:
    """Mean cross-entropy, in nats, of the masked sub-words; logits are made for these alone."""
    hidden = model.config.hidden_size
    masked = mask(batch, share, model.config.vocab_size, rng)
    states = model.bert(
        input_ids=torch.from_numpy(masked.ids).long(),
        attention_mask=torch.from_numpy(batch.ids != 0).long(),
        token_type_ids=torch.from_numpy(batch.segments).long(),
        position_ids=torch.from_numpy(batch.positions).long(),
    ).last_hidden_state  # [rows, tokens, hidden]
    logits = model.cls(states.reshape(-1, hidden)[torch.from_numpy(masked.places)])
    return torch.nn.functional.cross_entropy(logits, torch.from_numpy(masked.labels))


@dataclass(frozen=True)
class Progress:
    """How a run goes: means since the last report.

    Attributes:
        loss: nats per masked sub-word.
        rate: sub-words trained per second of wall time.
        cpu_seconds: processor time of this process so far in this call.
    """

    step: int
    tokens: int
    loss: float
    rate: float
    cpu_seconds: float


def train(
    recipe: Recipe,
    shards: Shards,
    state: State,
    *,
    report: Callable[[Progress], None],
    save: Callable[[State], None],
    begins: npt.NDArray[np.bool_],
    report_steps: int = 100,
    save_seconds: float = 180.0,
    stop_at_step: int | None = None,
) -> bool:
    """Train until the recipe's tokens are reached; False if `stop_at_step` came first.

    `begins` says which sub-words of the vocabulary begin a word.
    The result depends on the recipe and the text alone, not on when the state was saved.
    """
    model, optimizers = state.model, state.optimizers
    model.train()
    started, saved, reported = time.process_time(), time.monotonic(), time.monotonic()
    losses: list[float] = []
    tokens = state.position.tokens
    for batch, position in _upcoming(recipe, shards, state.position, begins):
        if state.position.tokens >= all_tokens(recipe):
            save(state)
            return True
        if state.position.step == stop_at_step:
            save(state)
            return False
        share = rate_share(recipe, state.position.tokens)
        rng = np.random.default_rng([recipe.seed, _MASKS, position.step])
        if isinstance(batch, Comparison):
            loss = comparison_loss(model, state.heads, batch, recipe.comparison_marks)
        else:
            loss = masked_loss(model, batch, recipe.mask_share, rng)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), recipe.clip)
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = share * group["peak"]
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        state.position = position
        losses.append(loss.item())
        now = time.monotonic()
        if len(losses) == report_steps:
            rate = (position.tokens - tokens) / (now - reported)
            cpu = time.process_time() - started
            report(Progress(position.step, position.tokens, float(np.mean(losses)), rate, cpu))
            losses, tokens, reported = [], position.tokens, now
        if now - saved >= save_seconds:
            save(state)
            saved = time.monotonic()
    raise AssertionError("the text never ends")


@torch.inference_mode()
def held_out_loss(recipe: Recipe, shards: Shards, model: BertForMaskedLM) -> float:
    """Loss on documents that no run trains on, with the same masks every time."""
    model.eval()  # type: ignore[no-untyped-call]
    rng = np.random.default_rng([_HELD_OUT])
    total = count = 0.0
    for batch in batches(shards.get(-1), recipe, rng)[:32]:
        total += float(masked_loss(model, batch, 0.15, rng)) * batch.tokens
        count += batch.tokens
    model.train()
    return total / count

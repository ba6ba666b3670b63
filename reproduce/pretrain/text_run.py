"""Pretraining on real text: on GPUs in bf16 where there are any, resumable to the same result."""

from __future__ import annotations

import hashlib
import json
import math
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch

from reproduce.atomic import replacing
from reproduce.errors import CheckpointError
from reproduce.models.checkpoint import inspect_checkpoint
from reproduce.pretrain.alignment import SENTENCES_EVERY, VectorHead, sentence_loss
from reproduce.pretrain.checkpoint import halve, save_encoder
from reproduce.pretrain.examples import Batch, batches
from reproduce.pretrain.float_muon import FloatMuon
from reproduce.pretrain.loop import State, new_state, rate_share
from reproduce.pretrain.recipe import Recipe
from reproduce.pretrain.team import ALONE, Team
from reproduce.pretrain.text_card import write_text_card
from reproduce.pretrain.text_corpus import TextCorpus, prepare
from reproduce.pretrain.text_loss import MASKS, held_out_loss, pseudo_perplexity, see_masked
from reproduce.pretrain.tokenizer import save_tokenizer
from reproduce.pretrain.translations import NO_SIGNALS, Signals

LOG = "log.jsonl"
_SHARDS, _SIGNALS = 11, 13  # first words of the seeds of random streams
_PERPLEXITY, _PERPLEXITY_LENGTH = 10, 64  # sentences of a language, and their longest length
_STOP_AFTER = 3  # measurements of the held-out loss without a gain


def text_recipe(tokens: int, seed: int = 0) -> Recipe:
    """The mini-mBERT: 8 layers x 192 over 32,000 sub-words, 20 MB in half precision."""
    return Recipe(
        tokens=tokens,
        seed=seed,
        vocabulary=32_000,
        layers=8,
        hidden=192,
        heads=6,
        pair_share=1.0,  # of the documents with two sentences: translations, if any are asked for
        mask_share=0.15,
        batch_tokens=16_384,
        learning_rate=1e-3,
        matrix_rate=1e-2,
        comparing=(),
    )


@dataclass(frozen=True)
class TextRun:
    """What a run on real text is asked for beside its recipe.

    Attributes:
        data: folder with text/, ud/ and dictionaries/.
        folder: of the run.
        languages: the only ones taken; all if empty.
        signals: what ties languages together beside the text.
        accumulate: batches of an update. Several processes share them out, so that the result
            does not depend on how many there are, but for the order of sums.
        half: bfloat16 in the layers; None where there is a GPU.
    """

    data: Path
    folder: Path
    languages: tuple[str, ...] = ()
    signals: Signals = NO_SIGNALS
    accumulate: int = 1
    half: bool | None = None


@dataclass(frozen=True)
class TextProgress:
    """How a run goes: means since the last report."""

    step: int
    tokens: int
    loss: float  # nats per masked sub-word
    rate: float  # sub-words a second


@dataclass(frozen=True)
class _Place:
    """The next batch: number `batch` of shard `shard`."""

    step: int = 0
    tokens: int = 0
    shard: int = 0
    batch: int = 0


def pretrain_text(
    recipe: Recipe,
    asked: TextRun,
    *,
    resume: bool = False,
    report: Callable[[TextProgress], None] = lambda progress: None,
    save_steps: int = 500,
    stop_at_step: int | None = None,
    team: Team = ALONE,
) -> Path | None:
    """Train on the text of a folder and give the checkpoint's, or None if it was stopped early.

    Training ends when the recipe's sub-words are seen, or when the held-out loss has not fallen
    for three measurements in a row. In a team all but the first process give None too.

    Raises:
        CheckpointError: the folder holds a run and `resume` is not asked for, or it is another
            run.
        DataError: no text with a free licence.
    """
    folder = asked.folder
    state_file = folder / "state.pt"
    if state_file.exists() and not resume:
        raise CheckpointError(
            "this folder holds a run already",
            where=str(folder),
            next_step="add --resume to go on with it, or give another folder with --out",
        )
    if team.first:
        size = recipe.hidden if asked.signals else 0
        prepare(asked.data, folder / "text", recipe.vocabulary, asked.languages, size)
    team.wait()
    corpus = TextCorpus(folder / "text")
    device = team.device
    half = device.type == "cuda" if asked.half is None else asked.half
    muon = torch.optim.Muon if device.type == "cuda" else FloatMuon
    state = new_state(recipe, corpus.tokenizer.get_vocab_size(), muon)
    torch.nn.Module.to(state.model, device)
    reader = _new_reader(recipe, asked, corpus, device)
    run = _Run(recipe, asked, corpus, state, reader, team, half)
    place, held_out, begun = _Place(), list[float](), time.monotonic()
    if state_file.exists():
        place, held_out = _load(run, state_file)
    elif reader is not None:
        _start(run)

    def save(place: _Place, measure: bool) -> None:
        nonlocal begun
        if measure:
            held_out.append(held_out_loss(state.model, corpus, recipe))
        if not team.first:
            return
        if measure:
            seconds, begun = time.monotonic() - begun, time.monotonic()
            entry = {"tokens": place.tokens, "held_out": held_out[-1], "seconds": seconds}
            _log(folder, {name: round(value, 4) for name, value in entry.items()})
        _save(run, place, held_out, state_file)

    done = _train(run, place, held_out, report, save, save_steps, stop_at_step)
    if not done or not team.first:
        return None
    return _export(run, folder)


@dataclass(frozen=True, eq=False)
class _Run:
    """What does not change during a run."""

    recipe: Recipe
    asked: TextRun
    corpus: TextCorpus
    state: State
    reader: _Reader | None
    team: Team
    half: bool

    @property
    def digest(self) -> str:
        """A run is only continued under the same recipe, text and signals."""
        content = {
            "recipe": asdict(self.recipe),
            "text": self.corpus.census["text"],
            "signals": asdict(self.asked.signals),
            "accumulate": self.asked.accumulate,
            "half": self.half,
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, eq=False)
class _Reader:
    """What reads word vectors off the states, and what trains it."""

    head: VectorHead
    optimizer: torch.optim.Optimizer


def _new_reader(
    recipe: Recipe, asked: TextRun, corpus: TextCorpus, device: torch.device
) -> _Reader | None:
    if not asked.signals.vectors:
        return None
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        head = VectorHead(recipe.hidden, corpus.words()).to(device)
    optimizer = torch.optim.AdamW(head.parameters(), lr=recipe.learning_rate, fused=True)
    optimizer.param_groups[0]["peak"] = recipe.learning_rate
    return _Reader(head, optimizer)


def _start(run: _Run) -> None:
    """Give sub-words the vectors of the words that they are, or are parts of."""
    table = run.state.model.bert.embeddings.word_embeddings.weight
    vectors = torch.from_numpy(run.corpus.starting_vectors()).to(table.device)
    known = vectors.norm(dim=1) > 0
    with torch.no_grad():
        table[known] = vectors[known]


def _train(
    run: _Run,
    place: _Place,
    held_out: list[float],
    report: Callable[[TextProgress], None],
    save: Callable[[_Place, bool], None],
    save_steps: int,
    stop_at_step: int | None,
) -> bool:
    recipe, model, team = run.recipe, run.state.model, run.team
    optimizers, trained = [*run.state.optimizers[:2]], [*model.parameters()]
    if run.reader is not None:
        optimizers.append(run.reader.optimizer)
        trained += run.reader.head.parameters()
    losses: list[float] = []
    begun, seen = time.monotonic(), place.tokens
    made: list[Batch] = []
    model.train()
    while place.tokens < recipe.tokens and not _stalled(held_out):
        if not made:
            rng = np.random.default_rng([recipe.seed, _SHARDS, place.shard])
            shard = run.corpus.shard(place.shard, recipe.seed, run.asked.signals)
            made = batches(shard, recipe, rng)[place.batch :]
            if not made:
                place = replace(place, shard=place.shard + 1, batch=0)
                continue
        group, made = made[: run.asked.accumulate], made[run.asked.accumulate :]
        for number in range(team.rank, len(group), team.size):
            loss = _batch_loss(run, group[number], place, number, losses)
            (loss / len(group)).backward()  # type: ignore[no-untyped-call]
        team.add_up(trained)
        torch.nn.utils.clip_grad_norm_(trained, recipe.clip)
        share = rate_share(recipe, place.tokens)
        for optimizer in optimizers:
            for parameters in optimizer.param_groups:
                parameters["lr"] = share * parameters["peak"]
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        tokens = place.tokens + sum(batch.tokens for batch in group)
        place = _Place(place.step + 1, tokens, place.shard, place.batch + len(group))
        if not made:
            place = replace(place, shard=place.shard + 1, batch=0)
        measured = place.step % save_steps == 0
        if measured or place.step == stop_at_step:
            rate = (place.tokens - seen) / max(time.monotonic() - begun, 1e-9)
            mean = float(np.mean(losses)) if losses else math.nan
            report(TextProgress(place.step, place.tokens, mean, rate))
            save(place, measured)
            begun, seen, losses = time.monotonic(), place.tokens, []
        if place.step == stop_at_step:
            return False
    save(place, True)
    return True


def _batch_loss(
    run: _Run, batch: Batch, place: _Place, number: int, losses: list[float]
) -> torch.Tensor:
    """The loss of one batch of an update; that of the text alone is added to `losses`."""
    seed = [run.recipe.seed, place.shard, place.batch + number]
    model, signals = run.state.model, run.asked.signals
    masks = np.random.default_rng([MASKS, *seed])
    states, loss = see_masked(model, batch, run.recipe, masks, run.half)
    losses.append(loss.item())
    if run.reader is not None:
        loss = loss + signals.vectors * run.reader.head.loss(states, batch.ids)
    if signals.contrast and place.step % SENTENCES_EVERY == 0:  # all processes, or some would wait
        rng, positions = np.random.default_rng([_SIGNALS, *seed]), run.recipe.positions
        loss = loss + signals.contrast * sentence_loss(model, run.corpus, positions, rng, run.half)
    return loss


def _stalled(held_out: list[float]) -> bool:
    recent = held_out[-_STOP_AFTER:]
    earlier = held_out[:-_STOP_AFTER]
    return bool(earlier) and min(recent) >= min(earlier)


def _export(run: _Run, folder: Path) -> Path:
    checkpoint, corpus, recipe = folder / "checkpoint", run.corpus, run.recipe
    perplexity = {
        code: round(
            pseudo_perplexity(
                run.state.model, corpus.held_out(code, _PERPLEXITY), _PERPLEXITY_LENGTH
            ),
            1,
        )
        for code in corpus.languages
    }
    with tempfile.TemporaryDirectory(dir=folder) as whole:
        save_encoder(run.state.model.cpu(), Path(whole))
        save_tokenizer(corpus.tokenizer, Path(whole), recipe.positions)
        halve(Path(whole), checkpoint)
    log = [json.loads(line) for line in (folder / LOG).read_text().splitlines()]
    tokens = log[-1]["tokens"]
    content = {
        "digest": inspect_checkpoint(checkpoint).digest,
        "recipe": asdict(recipe),
        "signals": asdict(run.asked.signals),
        "accumulate": run.asked.accumulate,
        "half": run.half,
        "hardware": run.team.hardware,
        "tokens": tokens,
        "hours": round(sum(entry.get("seconds", 0.0) for entry in log) / 3600, 2),
        "passes": corpus.passes(tokens, run.asked.signals),
        "curve": [[entry["tokens"], entry["held_out"]] for entry in log],
        "pseudo_perplexity": perplexity,
        "text": corpus.census,
    }
    write_text_card(content, checkpoint)
    return checkpoint


def _save(run: _Run, place: _Place, held_out: list[float], path: Path) -> None:
    model, optimizers = _trained(run)
    content = {
        "digest": run.digest,
        "model": [part.state_dict() for part in model],
        "optimizers": [optimizer.state_dict() for optimizer in optimizers],
        "place": asdict(place),
        "held_out": held_out,
    }
    with replacing(path) as partial, partial.open("wb") as file:
        torch.save(content, file)


def _load(run: _Run, path: Path) -> tuple[_Place, list[float]]:
    content = torch.load(path, weights_only=True, map_location=run.team.device)
    if content["digest"] != run.digest:
        raise CheckpointError(
            "this run was started with another recipe or other text",
            where=str(path),
            next_step="give the options it was started with, or another folder with --out",
        )
    model, optimizers = _trained(run)
    for part, saved in zip(model, content["model"], strict=True):
        part.load_state_dict(saved)
    for optimizer, saved in zip(optimizers, content["optimizers"], strict=True):
        optimizer.load_state_dict(saved)
    return _Place(**content["place"]), list(content["held_out"])


def _trained(run: _Run) -> tuple[list[torch.nn.Module], list[torch.optim.Optimizer]]:
    """All that a run changes, with what changes it."""
    models: list[torch.nn.Module] = [run.state.model]
    optimizers = [*run.state.optimizers]
    if run.reader is not None:
        models.append(run.reader.head)
        optimizers.append(run.reader.optimizer)
    return models, optimizers


def _log(folder: Path, entry: dict[str, float]) -> None:
    with (folder / LOG).open("a") as file:
        file.write(json.dumps(entry) + "\n")

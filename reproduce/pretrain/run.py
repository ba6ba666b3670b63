"""One pretraining run in one folder: tokenizer, text, training, checkpoint."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path

import torch
from tokenizers import Tokenizer

from reproduce.atomic import write_over
from reproduce.errors import CheckpointError
from reproduce.models.checkpoint import inspect_checkpoint
from reproduce.pretrain.checkpoint import load_state, save_encoder, save_state
from reproduce.pretrain.corpus import (
    BackgroundShards,
    Corpus,
    InlineShards,
    TextSource,
    make_world,
)
from reproduce.pretrain.loop import Progress, State, held_out_loss, new_state, train
from reproduce.pretrain.recipe import Recipe, recipe_digests
from reproduce.pretrain.tokenizer import save_tokenizer, word_beginnings

LOG = "log.jsonl"


def pretrain(
    recipe: Recipe,
    folder: Path,
    *,
    resume: bool = False,
    world: TextSource | None = None,
    report: Callable[[Progress], None] = lambda progress: None,
    stop_at_step: int | None = None,
) -> Path | None:
    """Train a checkpoint and give its folder, or None if `stop_at_step` ended the run early.

    Everything is kept below `folder`: the text while it is needed, the state every few minutes,
    a log of the loss, and at the end the checkpoint. A `world` that is given is read in this
    process; the embedded one is made in a process of its own, ahead of training.

    Raises:
        CheckpointError: `folder` holds a run and `resume` is not asked for, or it is another run.
    """
    torch.set_num_threads(1)
    folder.mkdir(parents=True, exist_ok=True)
    state_file = folder / "state.pt"
    if state_file.exists() and not resume:
        raise CheckpointError(
            "this folder holds a run already",
            where=str(folder),
            next_step="add --resume to go on with it, or give another folder with --out",
        )
    source = world or make_world(recipe.kinship)
    digests = recipe_digests(recipe, source.text_digest)
    corpus = Corpus(source, recipe, _tokenizer(folder, digests[0]))
    (folder / "tokenizer.json").write_text(corpus.tokenizer.to_str(), encoding="utf-8")
    (folder / "run.json").write_text(
        json.dumps(
            {"recipe": asdict(recipe), "text": source.text_digest, "digest": digests[0]},
            indent=1,
        )
    )
    state = new_state(recipe, corpus.tokenizer.get_vocab_size())
    if state_file.exists():
        load_state(state, digests, state_file)
    text = InlineShards(corpus) if world else BackgroundShards(corpus, recipe, folder / "text")
    with text if isinstance(text, BackgroundShards) else nullcontext():

        def save(state: State) -> None:
            loss = held_out_loss(recipe, text, state.model)
            save_state(state, digests, state_file)
            _log(folder, {"tokens": state.position.tokens, "held_out": round(loss, 4)})
            _export(state, corpus.tokenizer, folder / "checkpoint", recipe)

        def note(progress: Progress) -> None:
            _log(folder, {k: round(v, 4) for k, v in asdict(progress).items()})
            report(progress)

        done = train(
            recipe,
            text,
            state,
            report=note,
            save=save,
            begins=word_beginnings(corpus.tokenizer),
            stop_at_step=stop_at_step,
        )
    return folder / "checkpoint" if done else None


def _tokenizer(folder: Path, digest: str) -> Tokenizer | None:
    """The tokenizer of the run that `folder` holds, if it is this run."""
    note, path = folder / "run.json", folder / "tokenizer.json"
    if not (note.exists() and path.exists()):
        return None
    return (
        Tokenizer.from_file(str(path)) if json.loads(note.read_text())["digest"] == digest else None
    )


def _log(folder: Path, entry: dict[str, float]) -> None:
    with (folder / LOG).open("a") as file:
        file.write(json.dumps(entry) + "\n")


def _export(state: State, tokenizer: Tokenizer, folder: Path, recipe: Recipe) -> None:
    save_encoder(state.model, folder)
    save_tokenizer(tokenizer, folder, recipe.positions)
    content = {
        "recipe": asdict(recipe),
        "tokens": state.position.tokens,
        "steps": state.position.step,
        "digest": inspect_checkpoint(folder).digest,
    }
    write_over(folder / "pretraining.json", json.dumps(content, indent=1).encode())

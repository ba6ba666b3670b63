"""Measures a checkpoint: the baseline of every task, from several seeds, in all languages."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reproduce.models.checkpoint import inspect_checkpoint
from reproduce.nouns.cell import Cell, FineTune, Fusion, Split, Whereabouts
from reproduce.nouns.record import Record
from reproduce.nouns.scene import Scene, slice_key, versions
from reproduce.store.scores import language_scores

if TYPE_CHECKING:
    from reproduce.pretrain.recipe import Recipe

RunCell = Callable[[Cell, Whereabouts], Record]


@dataclass(frozen=True)
class Measured:
    """Test scores of one task, and what a cell cost.

    Attributes:
        scores: by language, one a seed, in per cent.
        seconds: processor seconds of a cell, training and evaluation, one a seed; the first one
            reads and encodes the data besides.
    """

    scores: dict[str, list[float]]
    seconds: list[float]


def baseline_cell(scene: Scene, task: str, seed: int) -> FineTune:
    """The baseline `last` of a task, evaluated as claims do it: test and development data."""
    setting = scene.setting
    splits: tuple[Split, ...] = ("test", "dev")
    wanted = [(code, split) for split in splits for code in setting.languages]
    present = [scene.slices.get(slice_key(task, code, split)) for code, split in wanted]
    return FineTune(
        model=scene.model.digest,
        fusion=Fusion(),
        task=task,
        pair_head=setting.pair_head,
        train=(scene.slices[slice_key(task, setting.source_language, "train")],),
        evaluate=tuple(piece for piece in present if piece is not None),
        training=setting.tasks[task].training,
        checkpoints=("last",),
        seed=seed,
        steps=versions(FineTune, scene),
    )


def measure(
    scene: Scene, places: Whereabouts, task: str, seeds: Sequence[int], run: RunCell
) -> Measured:
    """Train and evaluate the baseline of one task once for each seed."""
    scores: dict[str, list[float]] = {code: [] for code in scene.setting.languages}
    seconds = []
    for seed in seeds:
        started = time.process_time()
        record = run(baseline_cell(scene, task, seed), places)
        seconds.append(time.process_time() - started)
        for code, value in language_scores(record).items():
            scores[code].append(value)
    return Measured(scores, seconds)


def write_random(recipe: Recipe, tokenizer: Path, folder: Path) -> str:
    """Write a checkpoint of the recipe's shape with random weights, and give its digest."""
    from tokenizers import Tokenizer

    from reproduce.pretrain.checkpoint import save_encoder
    from reproduce.pretrain.loop import build_model
    from reproduce.pretrain.tokenizer import save_tokenizer

    made = Tokenizer.from_file(str(tokenizer))
    save_encoder(build_model(recipe, made.get_vocab_size(), seed=recipe.seed + 1), folder)
    save_tokenizer(made, folder, recipe.positions)
    return inspect_checkpoint(folder).digest

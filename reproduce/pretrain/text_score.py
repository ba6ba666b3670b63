"""Measures a checkpoint made from real text: zero-shot tagging, against random weights."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from reproduce.errors import CheckpointError
from reproduce.nouns.scene import Needs
from reproduce.pretrain.make_card import FIRST_SEED, Workshop, copy_checkpoint
from reproduce.pretrain.measure import Measured, measure, write_random
from reproduce.pretrain.recipe import recipe_from
from reproduce.pretrain.text_card import write_text_card

TASK = "pos"


def add_scores(run: Path, into: Path, workshop: Workshop, *, seeds: int = 3) -> Path:
    """Fine-tune a run's checkpoint and one with random weights, and write both on the card.

    The setting's sizes and hyper-parameters of tagging are used, the last layer alone.

    Raises:
        CheckpointError: the run has left no checkpoint.
    """
    made = run / "checkpoint"
    if not (made / "card.json").is_file():
        raise CheckpointError(
            "this folder holds no checkpoint made from real text",
            where=str(run),
            next_step="make one: reproduce pretrain text --data FOLDER",
        )
    content = json.loads((made / "card.json").read_text(encoding="utf-8"))
    if into != made:
        copy_checkpoint(made, into)
    trained = _measured(into, workshop, seeds)
    with tempfile.TemporaryDirectory() as folder:
        write_random(recipe_from(content["recipe"]), into / "tokenizer.json", Path(folder))
        workshop.say("the same from random weights")
        random = _measured(Path(folder), workshop, seeds)
    setting = workshop.setting
    content["scores"] = {
        "source": setting.source_language,
        "sentences": setting.tasks[TASK].train,
        "seeds": seeds,
        "training": setting.tasks[TASK].training.model_dump(mode="json"),
        "trained": _named(trained, workshop),
        "random": _named(random, workshop),
    }
    write_text_card(content, into)
    return into


def _measured(folder: Path, workshop: Workshop, seeds: int) -> Measured:
    setting = workshop.setting.model_copy(update={"checkpoint": str(folder)})
    scene, places = workshop.survey(setting, Needs((TASK,)))
    numbers = range(FIRST_SEED, FIRST_SEED + seeds)
    found = measure(scene, places, TASK, numbers, workshop.run)
    for code, values in found.scores.items():
        if values:
            workshop.say(f"{code}: {sum(values) / len(values):.1f}")
    return found


def _named(found: Measured, workshop: Workshop) -> dict[str, list[float]]:
    """Scores by corpus, such as `de German-GSD`; the source language by its code alone."""
    files = workshop.setting.tasks[TASK].data.files
    source = workshop.setting.source_language
    return {
        code if code == source else f"{code} {files.get(code, '')}".strip(): [
            round(value, 1) for value in values
        ]
        for code, values in found.scores.items()
        if values
    }

"""Makes the card of a finished run: copies its checkpoint, measures it, writes what was found."""

from __future__ import annotations

import json
import shutil
import statistics
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reproduce.errors import CheckpointError
from reproduce.models.checkpoint import inspect_checkpoint
from reproduce.nouns.cell import Whereabouts
from reproduce.nouns.scene import Needs, Scene
from reproduce.nouns.setting import Setting
from reproduce.pretrain.card import Card, read_log, rounded, seed_sd, write_card
from reproduce.pretrain.measure import Measured, RunCell, measure, write_random
from reproduce.pretrain.recipe import recipe_from

FILES = ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")
# The world's names for the pair tasks, and the claims' names.
_PAIR_TASKS = {"nli": "xnli", "paraphrase": "pawsx"}

Survey = Callable[[Setting, Needs], tuple[Scene, Whereabouts]]


CARD_TASKS = ("pos", "ner", "xnli", "pawsx")  # what the claims about fusion are trained on
FIRST_SEED = 5_000  # of the card: no claim uses seeds as high


@dataclass(frozen=True)
class Workshop:
    """What measuring takes from the floors above: how to look a setting up and to run a cell."""

    setting: Setting
    survey: Survey
    run: RunCell
    say: Callable[[str], None] = lambda text: None


def make_card(
    run: Path,
    into: Path,
    workshop: Workshop,
    *,
    seeds: int = 3,
    frozen: bool = True,
    note: str = "",
) -> Card:
    """Put the checkpoint of a run into a folder and write card.json and README.md beside it.

    Raises:
        CheckpointError: the run has left no checkpoint, or not reached its end.
    """
    left = run / "checkpoint" / "pretraining.json"
    if not left.is_file():
        raise CheckpointError(
            "this folder holds no pretrained checkpoint",
            where=str(run),
            next_step="make one: reproduce pretrain world",
        )
    facts = json.loads(left.read_text(encoding="utf-8"))
    recipe = recipe_from(facts["recipe"])
    copy_checkpoint(run / "checkpoint", into)
    trained = _measured(into, workshop, seeds)
    with tempfile.TemporaryDirectory() as folder:
        write_random(recipe, into / "tokenizer.json", Path(folder))
        workshop.say("the same from random weights")
        random = _measured(Path(folder), workshop, seeds)
    card = _card(run, into, facts, workshop.setting, (trained, random), frozen, note)
    write_card(card, into, workshop.setting.by_construction)
    return card


def copy_checkpoint(checkpoint: Path, into: Path) -> None:
    """Copy the files that a checkpoint is made of; its card is not among them."""
    into.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(checkpoint / name, into / name)


def _measured(folder: Path, workshop: Workshop, seeds: int) -> dict[str, Measured]:
    setting = workshop.setting.model_copy(update={"checkpoint": str(folder)})
    scene, places = workshop.survey(setting, Needs(CARD_TASKS))
    found = {}
    for task in CARD_TASKS:
        found[task] = measure(
            scene, places, task, range(FIRST_SEED, FIRST_SEED + seeds), workshop.run
        )
        source = statistics.fmean(found[task].scores[setting.source_language])
        workshop.say(f"{task}: {source:.1f} in the source language")
    return found


def _card(
    run: Path,
    into: Path,
    facts: dict[str, object],
    setting: Setting,
    measured: tuple[dict[str, Measured], dict[str, Measured]],
    frozen: bool,
    note: str,
) -> Card:
    from reproduce.provenance import collect
    from reproduce.world import World
    from reproduce.world.shortcuts import measure_shortcuts

    trained, random = measured
    world, log, machine = World(), read_log(run / "log.jsonl"), collect()
    recipe = facts["recipe"]
    assert isinstance(recipe, dict)
    return Card(
        name=into.name,
        digest=inspect_checkpoint(into).digest,
        frozen=frozen,
        note=note,
        recipe=recipe,
        world=world.digest,
        text=world.text_digest,
        tokens=int(str(facts["tokens"])),
        steps=int(str(facts["steps"])),
        core_minutes=log.core_minutes,
        hardware=f"{machine.processor}, {machine.cores} cores",
        curve=log.curve,
        scores={
            task: {"trained": rounded(trained[task]), "random": rounded(random[task])}
            for task in trained
        },
        seconds={task: round(statistics.fmean(m.seconds), 1) for task, m in trained.items()},
        shortcuts={
            _PAIR_TASKS[task]: {rule: round(value, 1) for rule, value in rules.items()}
            for task, rules in measure_shortcuts(world).items()
        },
        seed_sd=seed_sd(trained, setting.source_language),
        source=setting.source_language,
    )

"""The small checkpoints that claims compare: several pretraining runs of each arm."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from reproduce.atomic import write_over
from reproduce.errors import CheckpointError, UserError
from reproduce.models.checkpoint import inspect_checkpoint
from reproduce.nouns.sentence import Sentence
from reproduce.pretrain.card import read_log
from reproduce.pretrain.checkpoint import halve
from reproduce.pretrain.corpus import TextSource, make_world
from reproduce.pretrain.loop import Progress
from reproduce.pretrain.recipe import ARMS, Recipe
from reproduce.pretrain.run import LOG, pretrain
from reproduce.registry import did_you_mean

RUNS = 3  # of each arm
COUNTER_RUNS = 2  # of the counter-world

# Small enough for eleven of them to travel with the package, and for a run to take minutes.
SMALL = Recipe(
    tokens=6_000_000,
    vocabulary=2_200,
    layers=4,
    hidden=48,
    heads=4,
    comparing=(),
)

_CONSTRUCTION = {
    "full": "Languages of a family share roots and orders.",
    "scrambled": "The words of each sentence stand in random order: nothing of word order can be"
    " learned from the text, while names, words and topics are as in the full text.",
    "topic-free": "Each word is drawn anew from the unigram distribution of its language: neither"
    " word order nor which words go together can be learned from the text.",
    "no-kinship": "No language has roots in common with another, and each draws its word"
    " orders for itself; families still share how words are built, and all languages names and"
    " digits.",
}


class Remembered:
    """A world whose documents are written once, for several runs over the same text."""

    def __init__(self, world: TextSource):
        self._world = world
        self._documents: dict[tuple[str, int], tuple[Sentence, ...]] = {}
        self.languages = world.languages
        self.text_digest = world.text_digest

    def document(self, language: str, index: int) -> tuple[Sentence, ...]:
        """The words of the world's own document, without annotation."""
        key = language, index
        if key not in self._documents:
            self._documents[key] = tuple(
                Sentence(tuple(map(sys.intern, s.words)), s.language, s.id, s.cluster)
                for s in self._world.document(language, index)
            )
        return self._documents[key]


@lru_cache(maxsize=2)
def remembered_world(kinship: bool) -> Remembered:
    """The embedded world, or its counter-world without kinship, kept for the next run."""
    return Remembered(make_world(kinship))


def small_recipes() -> dict[str, Recipe]:
    """The recipe of each small checkpoint by its embedded name, such as `small-scrambled-1`."""
    recipes = {}
    for run in range(RUNS):
        for arm in ARMS:
            recipes[f"small-{arm}-{run}"] = replace(SMALL, arm=arm, seed=run)
        if run < COUNTER_RUNS:
            recipes[f"small-no-kinship-{run}"] = replace(SMALL, kinship=False, seed=run)
    return recipes


def chosen(names: list[str]) -> dict[str, Recipe]:
    """The recipes of some names, all if none is given.

    Raises:
        UserError: a name that is no small checkpoint's.
    """
    known = small_recipes()
    for name in names:
        if name not in known:
            raise UserError(
                f"no small checkpoint {name!r}",
                allowed=", ".join(known),
                next_step=did_you_mean(name, known),
            )
    return {name: recipe for name, recipe in known.items() if not names or name in names}


def make_small(
    name: str,
    recipe: Recipe,
    run: Path,
    into: Path,
    *,
    world: TextSource | None = None,
    report: Callable[[Progress], None] = lambda progress: None,
) -> str:
    """Train one small checkpoint, going on with a run that was begun; gives its digest.

    Args:
        name: of the checkpoint among the embedded ones.
        recipe: what is trained.
        run: folder of the run: text, state and log.
        into: where the checkpoint is put, in half precision, with its card.
        world: what the text is taken from; the recipe's own, kept for the next run, by default.
        report: called from time to time.

    Raises:
        CheckpointError: `run` holds a run of another recipe or world.
    """
    source = world or remembered_world(recipe.kinship)
    begun = (run / "state.pt").exists()
    checkpoint = pretrain(recipe, run, resume=begun, world=source, report=report)
    assert checkpoint is not None  # no step to stop at was given
    halve(checkpoint, into)
    facts = json.loads((checkpoint / "pretraining.json").read_text(encoding="utf-8"))
    log = read_log(run / LOG)
    card = {
        "name": name,
        "digest": inspect_checkpoint(into).digest,
        "recipe": _plain(recipe),
        "text": source.text_digest,
        "tokens": facts["tokens"],
        "steps": facts["steps"],
        "core_minutes": log.core_minutes,
        "hardware": _hardware(),
        "curve": log.curve,
        "stored": "float16",
    }
    _write_card(card, into)
    return str(card["digest"])


def is_made(recipe: Recipe, into: Path) -> bool:
    """Whether a folder holds the finished checkpoint of a recipe."""
    try:
        card = json.loads((into / "card.json").read_text(encoding="utf-8"))
        same = card["recipe"] == _plain(recipe)
        return bool(same and card["digest"] == inspect_checkpoint(into).digest)
    except (FileNotFoundError, KeyError, CheckpointError):
        return False


def render(card: Mapping[str, Any]) -> str:
    """The card as Markdown for people."""
    recipe = card["recipe"]
    kind = recipe["arm"] if recipe["kinship"] else "no-kinship"
    tokens, loss = card["curve"][-1]
    parts = [
        f"# The small checkpoint `{card['name']}`",
        f"Run {recipe['seed']} of the arm `{recipe['arm']}`"
        f"{'' if recipe['kinship'] else ' in the counter-world without kinship'}."
        f" Digest `{card['digest']}`.",
        f"A `BertModel` of {recipe['layers']} layers x {recipe['hidden']} with a cased WordPiece"
        f" tokenizer of {recipe['vocabulary']:,} entries, pretrained by masked language modelling"
        f" on {card['tokens'] / 1e6:.1f} M sub-words of the embedded world's text (digest"
        f" `{card['text']}`), in {card['steps']:,} updates. It knows no natural language. Runs of"
        " one arm differ in initial weights, order and masks, and share their text.",
        f"Cost: {card['core_minutes']:.1f} minutes of one core ({card['hardware']}). Held-out loss"
        f" on its own kind of text: {loss:.2f} nats after {tokens / 1e6:.1f} M sub-words. Weights"
        " are stored in half precision and used in float32.",
        f"True by construction, so no evidence: {_CONSTRUCTION[kind]}",
        f"Made by `reproduce pretrain arms {card['name']}`.",
    ]
    return "\n\n".join(parts) + "\n"


def _plain(recipe: Recipe) -> dict[str, Any]:
    """A recipe as JSON gives it back."""
    return dict(json.loads(json.dumps(asdict(recipe))))


def _write_card(card: Mapping[str, Any], into: Path) -> None:
    content = json.dumps(card, indent=1, sort_keys=True) + "\n"
    for name, text in (("README.md", render(card)), ("card.json", content)):
        write_over(into / name, text.encode())


def _hardware() -> str:
    from reproduce.provenance import collect

    machine = collect()
    return f"{machine.processor}, {machine.cores} cores"

"""The card of an embedded checkpoint: what it is, what it cost, and what it scores."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from reproduce.atomic import write_over
from reproduce.pretrain.measure import Measured


@dataclass(frozen=True)
class Card:
    """What card.json holds; every number in it was measured by the program.

    Attributes:
        name: of the checkpoint among the embedded ones.
        digest: SHA-256 over configuration, weights and tokenizer.
        frozen: whether fusion was not run on it before its sizes and hyper-parameters were fixed.
        recipe: see `reproduce.pretrain.recipe.Recipe`.
        world: digest of the world; `text` that of its running text alone.
        tokens: sub-words trained on, all stages.
        steps: updates.
        core_minutes: processor time of the training process, all stages.
        hardware: the machine it was trained on.
        curve: (sub-words, held-out loss in nats) in the order of training.
        scores: task -> `trained` or `random` -> language -> per cent, one a seed.
        seconds: task -> processor seconds of a cell, mean over seeds.
        shortcuts: task -> rule -> accuracy in per cent; `chance` besides.
        seed_sd: sd over seeds of the difference of two such runs' mean over targets, in points.
        source: code of the source language.
        note: what a reader must know of its making besides.
    """

    name: str
    digest: str
    frozen: bool
    recipe: dict[str, Any]
    world: str
    text: str
    tokens: int
    steps: int
    core_minutes: float
    hardware: str
    curve: list[list[float]]
    scores: dict[str, dict[str, dict[str, list[float]]]]
    seconds: dict[str, float]
    shortcuts: dict[str, dict[str, float]]
    seed_sd: float
    source: str
    note: str = ""


@dataclass(frozen=True)
class Training:
    """What the log of a run says of its cost."""

    core_minutes: float
    curve: list[list[float]]


def read_log(path: Path) -> Training:
    """Sum up a run's log; a run that was resumed counts its processor time anew in each call."""
    minutes = before = 0.0
    curve: list[list[float]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if "held_out" in entry:
            curve.append([entry["tokens"], entry["held_out"]])
            continue
        now = entry["cpu_seconds"]
        minutes += (now - before if now >= before else now) / 60
        before = now
    return Training(round(minutes, 1), curve)


def seed_sd(trained: Mapping[str, Measured], source: str) -> float:
    """The sd of the difference of two runs with different seeds, pooled over tasks, in points."""
    variances = []
    for measured in trained.values():
        targets = [values for code, values in measured.scores.items() if code != source]
        means = [statistics.fmean(run) for run in zip(*targets, strict=True)]
        variances.append(statistics.variance(means))
    return round(math.sqrt(2 * statistics.fmean(variances)), 2)


def rounded(measured: Measured) -> dict[str, list[float]]:
    """Scores with one decimal, as the card gives them."""
    return {code: [round(v, 1) for v in values] for code, values in measured.scores.items()}


def write_card(card: Card, folder: Path, construction: Sequence[str]) -> None:
    """Write card.json and README.md into a checkpoint's folder."""
    content = json.dumps(asdict(card), indent=1) + "\n"
    for name, text in (("card.json", content), ("README.md", render(card, construction))):
        write_over(folder / name, text.encode())


def read_card(folder: Path) -> Card:
    """The card of a checkpoint's folder."""
    return Card(**json.loads((folder / "card.json").read_text(encoding="utf-8")))


def render(card: Card, construction: Sequence[str]) -> str:
    """The card as Markdown for people."""
    recipe = card.recipe
    state = "Frozen before the first fusion run." if card.frozen else "Provisional: not frozen yet."
    parts = [
        f"# The embedded checkpoint `{card.name}`",
        f"{state} Digest `{card.digest}`." + (f" {card.note}" if card.note else ""),
        f"A `BertModel` of {recipe['layers']} layers x {recipe['hidden']} with a cased WordPiece"
        f" tokenizer, pretrained on text of the embedded world (digest `{card.world}`, of its text"
        f" alone `{card.text}`). It knows no natural language.",
        "## Recipe",
        _recipe(recipe),
        "## Cost",
        f"{card.tokens / 1e6:.1f} M sub-words in {card.steps:,} updates:"
        f" {card.core_minutes:.0f} minutes of one core ({card.hardware}).",
        "## Held-out loss of masked language modelling",
        _table(
            ["M sub-words", "nats per masked sub-word"],
            [[f"{tokens / 1e6:.1f}", f"{loss:.2f}"] for tokens, loss in card.curve],
        ),
        "## Scores of the baseline, last layer alone",
        "Fine-tuned on the source language in the setting `world`; test data; mean over"
        f" {_seeds(card)} seeds that no claim uses, in per cent. Chosen on this baseline alone.",
        _scores(card),
        f"Seed sd of a difference of the targets' mean: {card.seed_sd} points.",
        "## Shortcuts",
        "Accuracy in per cent of rules that do not compare the two sentences as a reader would,"
        " in the source language.",
        _shortcuts(card),
        "## True by construction, so no evidence",
        "\n".join(f"- {text}" for text in construction),
        "Made by `reproduce pretrain world`, measured by `reproduce pretrain card`.",
    ]
    return "\n\n".join(parts) + "\n"


def _recipe(recipe: Mapping[str, Any]) -> str:
    stages = [
        f"First stage: masked language modelling on {recipe['tokens'] / 1e6:.0f} M sub-words,"
        f" {recipe['mask_share']:.0%} predicted, sentences alone or in pairs from the same"
        " document, positions counted anew in the second segment."
    ]
    if recipe["comparing"]:
        stages.append(
            "Later stages compare: a sentence with its restatement or itself, the second left"
            " intact or with a word replaced, dropped, inserted or two words exchanged; the encoder"
            " tells which, by the features of the pair head, and marks the sub-words concerned. No"
            " label of any task is used, and the heads are thrown away."
        )
    for number, stage in enumerate(recipe["comparing"], start=2):
        stages.append(
            f"Stage {number}: {stage['tokens'] / 1e6:.0f} M sub-words, {stage['masked']:.0%} of the"
            f" batches of pairs masked instead, {stage['ordinary']:.0%} of the first stage's"
            " batches of the same text beside them."
        )
    stages.append(
        "Text of all languages takes part in every stage."
        f" Muon ({recipe['matrix_rate']}) for the matrices of the layers, AdamW"
        f" ({recipe['learning_rate']}) for all else; seed {recipe['seed']}, float32, one thread,"
        " no dropout. All values stand in card.json."
    )
    return " ".join(stages)


def _seeds(card: Card) -> int:
    return len(card.scores[next(iter(card.scores))]["trained"][card.source])


def _scores(card: Card) -> str:
    languages = list(next(iter(card.scores.values()))["trained"])
    targets = [code for code in languages if code != card.source]
    rows = []
    for task, kinds in card.scores.items():
        for kind, scores in kinds.items():
            means = {code: statistics.fmean(values) for code, values in scores.items()}
            average = statistics.fmean(means[code] for code in targets)
            cost = f"{card.seconds[task]:.1f}" if kind == "trained" else ""
            cells = [f"{means[code]:.1f}" for code in languages]
            rows.append([task, kind, *cells, f"{average:.1f}", cost])
    return _table(["task", "weights", *languages, "targets", "core-seconds"], rows)


def _shortcuts(card: Card) -> str:
    rules = list(next(iter(card.shortcuts.values())))
    rows = [
        [task, *(f"{values[rule]:.1f}" for rule in rules)]
        for task, values in card.shortcuts.items()
    ]
    return _table(["task", *rules], rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)

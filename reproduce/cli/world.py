"""`reproduce world`: look at the embedded world and check it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from reproduce.cli.options import AsJson
from reproduce.cli.output import columns, echo_json

if TYPE_CHECKING:
    from reproduce.nouns.sentence import Sentence, SentencePair
    from reproduce.world import World

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Look at the embedded world and check it."
)

Kinship = Annotated[
    bool, typer.Option("--kinship/--no-kinship", help="Related words, or the counter-world.")
]
SharedOrder = Annotated[
    bool,
    typer.Option("--shared-order/--no-shared-order", help="Orders by family, or by chance."),
]


@app.command("list", short_help="List the languages of the world.")
def list_languages(
    kinship: Kinship = True, shared_order: SharedOrder = True, as_json: AsJson = False
) -> None:
    """List the languages: family, order, script, share of words related to the source's."""
    from reproduce.world import SOURCE_LANGUAGE, World

    world = World(kinship=kinship, shared_order=shared_order)
    source = world.lexicon(SOURCE_LANGUAGE)
    kin = {code: world.lexicon(code).kin_share(source) for code in world.languages}
    if as_json:
        profiles = [
            dataclasses.asdict(p) | {"kin_share": round(kin[p.code], 1)}
            for p in world.languages.values()
        ]
        echo_json({"digest": world.digest, "source": SOURCE_LANGUAGE, "languages": profiles})
        return
    rows = [
        (p.code, p.name, p.family, p.order, p.adjective, p.adposition, p.genitive, p.morphology,
         p.script, f"{kin[p.code]:.0f} %")
        for p in world.languages.values()
    ]  # fmt: skip
    header = ("code", "name", "family", "order", "adjective", "adposition", "genitive",
              "morphology", "script", "kin")  # fmt: skip
    typer.echo(columns(header, rows))
    typer.echo(f"\nSource language: {SOURCE_LANGUAGE}. Digest of the world: {world.digest[:16]}")


@app.command(short_help="Show sentences of the same meaning side by side.")
def show(
    language: Annotated[
        list[str] | None, typer.Option(help="Code; may be repeated. Default: all languages.")
    ] = None,
    split: Annotated[str, typer.Option(help="pretrain, train, dev or test.")] = "dev",
    index: Annotated[int, typer.Option(help="The first sentence.", min=0)] = 0,
    count: Annotated[int, typer.Option(help="How many meanings.", min=1, max=1000)] = 3,
    task: Annotated[str, typer.Option(help="nli or paraphrase: pairs, not sentences.")] = "",
    kinship: Kinship = True,
    shared_order: SharedOrder = True,
    as_json: AsJson = False,
) -> None:
    """Show sentences of the same meaning side by side, with tags and entities."""
    from reproduce.world import SPLITS, World
    from reproduce.world.pairs import LABELS

    world = World(kinship=kinship, shared_order=shared_order)
    codes = language or list(world.languages)
    for code in codes:
        _check(code, list(world.languages), "unknown language")
    splits = [s for s in SPLITS if not task or s != "pretrain"]
    _check(split, splits, "unknown split")
    if task:
        _check(task, list(LABELS), "unknown task")
    places = range(index, index + count)
    if as_json:
        echo_json([_item(world, task, code, split, i) for i in places for code in codes])
        return
    blocks = [_pairs(world, task, codes, split, i) if task else _sentences(world, codes, split, i)
              for i in places]  # fmt: skip
    typer.echo("\n\n".join(blocks))


@app.command(short_help="Score rules that read only half of a pair.")
def check(
    train: Annotated[int, typer.Option(help="Pairs to fit on.", min=100)] = 3000,
    test: Annotated[int, typer.Option(help="Pairs to score.", min=100)] = 1000,
    as_json: AsJson = False,
) -> None:
    """Score the rules that do not read both sentences: at most 10 points above chance."""
    from reproduce.world import World
    from reproduce.world.shortcuts import measure_shortcuts

    scores = measure_shortcuts(World(), train=train, test=test)
    if as_json:
        echo_json(scores)
        return
    rules = list(next(iter(scores.values())))
    rows = [(task, *(f"{score[rule]:.1f}" for rule in rules)) for task, score in scores.items()]
    typer.echo(columns(("task", *rules), rows))


def _check(value: str, known: Sequence[str], complaint: str) -> None:
    from reproduce.errors import UserError
    from reproduce.registry import did_you_mean

    if value not in known:
        raise UserError(
            f"{complaint} {value!r}",
            allowed=", ".join(known),
            next_step=did_you_mean(value, known, "reproduce world list"),
        )


def _item(world: World, task: str, code: str, split: str, index: int) -> dict[str, object]:
    if task:
        return dataclasses.asdict(world.pair(task, code, split, index))
    return dataclasses.asdict(world.sentence(code, split, index))


def _sentences(world: World, codes: Sequence[str], split: str, index: int) -> str:
    found = [world.sentence(code, split, index) for code in codes]
    title = typer.style(f"{split} {index}", bold=True)
    return "\n".join([title, *(_interlinear(s) for s in found)])


def _interlinear(sentence: Sentence) -> str:
    """Words, under them their tags, under those the entities, in columns."""
    assert sentence.tags is not None and sentence.entities is not None
    entities = [e if e != "O" else "" for e in sentence.entities]
    rows = [sentence.words, sentence.tags, entities]
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    lines = [
        " ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    lines[1] = typer.style(lines[1], dim=True)
    heads = [sentence.language.ljust(5)] + [" " * 5] * 2
    return "\n".join(h + line for h, line in zip(heads, lines, strict=True) if line)


def _pairs(world: World, task: str, codes: Sequence[str], split: str, index: int) -> str:
    found: list[SentencePair] = [world.pair(task, code, split, index) for code in codes]
    lines = [typer.style(f"{split} {index}: {found[0].label}", bold=True)]
    for code, pair in zip(codes, found, strict=True):
        lines += [f"{code.ljust(5)}{' '.join(pair.first.words)}",
                  f"     {' '.join(pair.second.words)}"]  # fmt: skip
    return "\n".join(lines)

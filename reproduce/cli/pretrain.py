"""`reproduce pretrain`: make an embedded checkpoint again from its seed, and its card."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from reproduce.pretrain.loop import Progress
    from reproduce.pretrain.recipe import Recipe
    from reproduce.pretrain.team import Team
    from reproduce.pretrain.text_run import TextProgress, TextRun

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Make an embedded checkpoint again from its seed.",
)

Out = Annotated[Path, typer.Option(help="Folder of the run: text, state, log and checkpoint.")]


def _one_thread() -> None:
    # Before torch is imported: waiting threads that spin slow every other process down.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


@app.command()
def world(
    out: Out = Path(".reproduce/pretrain/world"),
    tokens: Annotated[int | None, typer.Option(help="Sub-words to train on.", min=1)] = None,
    seed: Annotated[int, typer.Option(help="Of weights, order and masks.", min=0)] = 0,
    arm: Annotated[
        str, typer.Option(help="Text: full, scrambled (random order) or topic-free.")
    ] = "full",
    kinship: Annotated[
        bool, typer.Option(help="Related languages, or the counter-world without kinship.")
    ] = True,
    resume: Annotated[bool, typer.Option(help="Go on with the run in the folder.")] = False,
) -> None:
    """Pretrain a BERT on the text of the embedded world: about three quarters of an hour."""
    _one_thread()
    from dataclasses import replace

    from reproduce.pretrain.recipe import Recipe
    from reproduce.pretrain.run import pretrain

    recipe = Recipe(seed=seed, arm=arm, kinship=kinship)
    if tokens is not None:
        recipe = replace(recipe, tokens=tokens)

    def report(progress: Progress) -> None:
        left = (recipe.tokens - progress.tokens) / max(progress.rate, 1.0)
        typer.echo(
            f"{progress.tokens / 1e6:6.2f} of {recipe.tokens / 1e6:.1f} M tokens"
            f"   loss {progress.loss:.3f}   {progress.rate / 1e3:.1f} k tokens/s"
            f"   about {max(left, 0) / 60:.0f} min left"
        )

    checkpoint = pretrain(recipe, out, resume=resume, report=report)
    typer.echo(f"Checkpoint: {checkpoint}")
    typer.echo(f"Next: reproduce pretrain card --run {out}")


@app.command()
def text(
    data: Annotated[Path, typer.Option(help="Folder with text/ and ud/, licences in SOURCES.tsv.")],
    out: Out = Path(".reproduce/pretrain/mini"),
    tokens: Annotated[int, typer.Option(help="Sub-words to train on.", min=1)] = 1_000_000_000,
    seed: Annotated[int, typer.Option(help="Of weights, order and masks.", min=0)] = 0,
    languages: Annotated[
        str, typer.Option(help="Codes of the only languages taken, such as en,de,hi.")
    ] = "",
    layers: Annotated[int, typer.Option(help="Of the encoder.", min=1)] = 8,
    hidden: Annotated[int, typer.Option(help="Size; a multiple of 32.", min=32)] = 192,
    vocabulary: Annotated[int, typer.Option(help="Sub-words of the tokenizer.", min=100)] = 32_000,
    batch: Annotated[int, typer.Option(help="Sub-words of a batch.", min=128)] = 16_384,
    rate: Annotated[
        float, typer.Option(help="Peak learning rate; Muon's, of matrices, is ten times as high.")
    ] = 1e-3,
    translations: Annotated[
        bool,
        typer.Option(help="Use dictionaries and parallel text too, for transfer from little text."),
    ] = False,
    accumulate: Annotated[
        int | None, typer.Option(help="Batches of an update; one a process by default.", min=1)
    ] = None,
    processes: Annotated[
        int | None,
        typer.Option(help="That share out an update's batches; one for each GPU.", min=1),
    ] = None,
    half: Annotated[
        bool | None,
        typer.Option(help="bfloat16 in the layers; the default on a GPU."),
    ] = None,
    resume: Annotated[bool, typer.Option(help="Go on with the run in the folder.")] = False,
) -> None:
    """Pretrain a small multilingual BERT on real text: hours on a GPU, days on two cores."""
    _one_thread()
    from dataclasses import replace
    from functools import partial

    from reproduce.pretrain.team import check_team, gpus, train_together
    from reproduce.pretrain.text_run import TextRun, text_recipe
    from reproduce.pretrain.translations import NO_SIGNALS, TRANSLATIONS

    size = processes or max(1, gpus())
    recipe = replace(
        text_recipe(tokens, seed),
        layers=layers,
        hidden=hidden,
        heads=max(1, hidden // 32),
        vocabulary=vocabulary,
        batch_tokens=batch,
        learning_rate=rate,
        matrix_rate=10 * rate,
    )
    asked = TextRun(
        data,
        out,
        languages=tuple(code.strip() for code in languages.split(",") if code.strip()),
        signals=TRANSLATIONS if translations else NO_SIGNALS,
        accumulate=accumulate or size,
        half=half,
    )
    check_team(size, asked.accumulate)
    report = partial(_say_text, tokens)
    train_together(size, partial(_text_work, recipe, asked, resume, report))
    checkpoint = out / "checkpoint"
    typer.echo(f"Checkpoint with its card: {checkpoint}")
    typer.echo(f"Next: reproduce pretrain score --run {out} --data {data}")


def _text_work(
    recipe: Recipe,
    asked: TextRun,
    resume: bool,
    report: Callable[[TextProgress], None],
    team: Team,
) -> None:
    from reproduce.pretrain.text_run import pretrain_text

    say = report if team.first else lambda progress: None
    pretrain_text(recipe, asked, resume=resume, report=say, team=team)


def _say_text(tokens: int, progress: TextProgress) -> None:
    left = (tokens - progress.tokens) / max(progress.rate, 1.0)
    typer.echo(
        f"{progress.tokens / 1e6:8.1f} of {tokens / 1e6:.0f} M sub-words"
        f"   loss {progress.loss:.3f}   {progress.rate / 1e3:.1f} k/s"
        f"   about {max(left, 0) / 3600:.1f} h left"
    )


@app.command()
def score(
    run: Annotated[Path, typer.Option(help="Folder of the finished run.")] = Path(
        ".reproduce/pretrain/mini"
    ),
    setting: Annotated[
        str, typer.Option(help="Whose part-of-speech task is used: a name or a file.")
    ] = "scaled",
    data: Annotated[
        Path | None, typer.Option(help="Folder of corpora that the setting reads.")
    ] = None,
    into: Annotated[
        Path | None, typer.Option(help="Folder to put the checkpoint and its card in.")
    ] = None,
    seeds: Annotated[int, typer.Option(help="How many fine-tunings.", min=1)] = 3,
) -> None:
    """Measure zero-shot tagging of a checkpoint against random weights, and add it to its card."""
    _one_thread()
    from reproduce.book import load_setting
    from reproduce.pretrain.make_card import Workshop
    from reproduce.pretrain.text_score import add_scores
    from reproduce.run_cell import run_cell
    from reproduce.survey import survey

    workshop = Workshop(load_setting(setting, data=data), survey, run_cell, typer.echo)
    folder = add_scores(run, into or run / "checkpoint", workshop, seeds=seeds)
    typer.echo(f"Card: {folder / 'README.md'}")
    corpora = f" --data {data}" if data else ""
    typer.echo(
        f"Next: reproduce run claims --setting {setting}{corpora} --set setting.checkpoint={folder}"
    )


@app.command()
def card(
    run: Annotated[
        Path, typer.Option(help="Folder of the finished run: log and checkpoint.")
    ] = Path(".reproduce/pretrain/world"),
    into: Annotated[
        Path | None, typer.Option(help="Folder to put the checkpoint and its card in.")
    ] = None,
    seeds: Annotated[int, typer.Option(help="Seeds per task.", min=2)] = 3,
    provisional: Annotated[bool, typer.Option(help="Say that it is not frozen yet.")] = False,
    note: Annotated[str, typer.Option(help="What a reader of the card must know besides.")] = "",
) -> None:
    """Measure a checkpoint in all tasks and languages and write its card: some minutes."""
    _one_thread()
    from reproduce.book import load_setting
    from reproduce.pretrain.make_card import Workshop, make_card
    from reproduce.resources import embedded_checkpoint
    from reproduce.run_cell import run_cell
    from reproduce.survey import survey

    folder = into or embedded_checkpoint("world")
    workshop = Workshop(load_setting("world"), survey, run_cell, typer.echo)
    made = make_card(run, folder, workshop, seeds=seeds, frozen=not provisional, note=note)
    typer.echo(f"Checkpoint {made.digest[:16]}; card: {folder / 'README.md'}")


@app.command()
def arms(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Checkpoints such as small-scrambled-1; all if none is named."),
    ] = None,
    out: Out = Path(".reproduce/pretrain/small"),
    into: Annotated[
        Path | None, typer.Option(help="Folder to put the checkpoints in; theirs by default.")
    ] = None,
) -> None:
    """Pretrain the small checkpoints that claims compare; goes on where it was interrupted."""
    _one_thread()
    from reproduce.pretrain.arms import chosen, is_made, make_small
    from reproduce.resources import embedded_checkpoint

    def report(progress: Progress) -> None:
        typer.echo(f"  {progress.tokens / 1e6:.2f} M tokens   loss {progress.loss:.3f}")

    for name, recipe in chosen(names or []).items():
        folder = into / name if into else embedded_checkpoint(name)
        if is_made(recipe, folder):
            typer.echo(f"{name}: made already, in {folder}")
            continue
        typer.echo(f"{name}: {recipe.tokens / 1e6:.1f} M tokens")
        digest = make_small(name, recipe, out / name, folder, report=report)
        typer.echo(f"{name}: {digest[:16]}, in {folder}")

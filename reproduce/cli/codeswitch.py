"""`reproduce codeswitch`: make mixed sentences, and measure how a corpus mixes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reproduce.cli.options import AsJson
from reproduce.cli.output import columns, echo_json

if TYPE_CHECKING:
    from reproduce.codeswitch.profile import Profile

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Make mixed sentences, and measure how a corpus mixes.",
)

_NOTES = {
    "cmi": "Gambäck and Das 2014; mean over sentences, at most 50 for two languages",
    "cmi_mixed": "the same over mixed sentences alone",
    "m_index": "Barnett et al. 2000; 1 for equal shares",
    "i_index": "Guzmán et al. 2017; switches / (words with a language - 1)",
    "spf": "Pratapa et al. 2018; switches / (words - 1), mean over mixed sentences",
    "switches": "mean over mixed sentences",
    "language_entropy": "bits, over words with a language",
    "span_entropy": "bits, over span lengths",
    "burstiness": "Goh and Barabási 2008, sample sd of span lengths",
    "memory": "Pearson correlation of neighbouring spans",
}


@app.command(short_help="Write mixed sentences as CoNLL-U.")
def generate(
    method: Annotated[str, typer.Option(help="dictionary, random, insertion or ec.")],
    first: Annotated[
        str, typer.Option("--from", help="Language of the world, or a parallel treebank.")
    ],
    second: Annotated[str, typer.Option("--to", help="The language mixed in, likewise.")],
    sentences: Annotated[int, typer.Option(help="How many.", min=1)] = 100,
    like: Annotated[
        Path | None, typer.Option(help="Corpus whose switch-point fractions are matched.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Other sentences for another seed.")] = 0,
    checkpoint: Annotated[str, typer.Option(help="Aligns the words of treebanks.")] = "",
    dictionary: Annotated[Path | None, typer.Option(help="Lines of word TAB translation.")] = None,
    out: Annotated[Path | None, typer.Option(help="File; default: standard output.")] = None,
) -> None:
    """Write mixed sentences as CoNLL-U, with the language and the origin of each word."""
    from reproduce.codeswitch.generate import PLAIN_SPF, mixer
    from reproduce.codeswitch.generate import generate as make
    from reproduce.codeswitch.parallel import open_parallel
    from reproduce.codeswitch.profile import profile
    from reproduce.codeswitch.writing import conllu, read_ids

    mixer(method, {"_": ("_",)})  # a mistyped method is told before anything is read
    parallel = open_parallel(first, second, checkpoint=checkpoint, dictionary=dictionary)
    targets = profile(read_ids(like), where=str(like)).spf_values if like else PLAIN_SPF
    mix = mixer(method, parallel.dictionary)
    made = make(parallel.bitexts, mix, count=sentences, targets=targets, seed=seed)
    text = "".join(conllu(made.sentences))
    if out is None:
        typer.echo(text, nl=False)
    else:
        from reproduce.atomic import write_over

        write_over(out, text.encode())
    notes = [*parallel.notes, f"{len(made.sentences)} of {sentences} sentences", made.note()]
    notes += [f"left out, {reason}: {count}" for reason, count in made.left_out.items()]
    typer.echo("\n".join(notes), err=True)


@app.command("profile", short_help="Measure how a corpus mixes.")
def show_profile(
    file: Annotated[Path, typer.Argument(help="CoNLL-U, or token TAB language TAB tag.")],
    as_json: AsJson = False,
) -> None:
    """Print the metrics of code-switching of a corpus with language ids."""
    import dataclasses

    from reproduce.codeswitch.profile import profile
    from reproduce.codeswitch.writing import read_ids

    found = profile(read_ids(file), where=str(file))
    if as_json:
        content = dataclasses.asdict(found)
        del content["spf_values"]
        echo_json(content)
        return
    typer.echo(_table(found))


def _table(found: Profile) -> str:
    languages = ", ".join(f"{name} {count}" for name, count in found.languages.items())
    head = (
        f"{found.sentences} sentences, {found.mixed} of them mixed; {found.words} words, "
        f"{found.neutral} of no single language; {languages}\n"
    )
    rows = []
    for name, note in _NOTES.items():
        value = getattr(found, name)
        shown = "not defined" if value is None else f"{value:.4f}"
        rows.append((name.replace("_", " "), shown, note))
    return head + columns(("metric", "value", "definition"), rows)

"""`reproduce init`: lay down claims and an example setting to edit."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from reproduce.atomic import write_all_new
from reproduce.cli.output import counted
from reproduce.errors import UserError

_README = """\
# Claims

    reproduce validate             check claims/ and list every problem with its line
    reproduce show best-layer      a claim as a person reads it
    reproduce plan claims/         what a run would do, cost and be able to conclude
    reproduce run claims/best_layer.yaml
    reproduce report --html

`claims/` holds one YAML file for each claim, and `papers.yaml`, the papers that they are from.
`settings/own_treebanks.yaml` is a start for your own data: edit it, then add
`--setting settings/own_treebanks.yaml` to validate, plan or run. Your editor checks and completes
these files with the output of `reproduce schema claim`, `setting` and `papers`.
"""

_SETTING = """\
# A setting says what the abstract words of a claim stand for. Folders are taken from this file's.
name: own-treebanks
title: A checkpoint on disk and treebanks in CoNLL-U
evidence: scaled # simulated | scaled | replication
checkpoint: ../models/my-bert # any Hugging Face BERT folder
source_language: en
languages:
  en: {name: English, family: Germanic}
  de: {name: German, family: Germanic}
  fr: {name: French, family: Romance}
sets: # what a claim's `languages: xtreme` means here
  xtreme: [de, fr]
tasks:
  pos:
    data:
      source: conllu
      folder: ../data/ud
      files: {en: UD_English-EWT, de: UD_German-GSD, fr: UD_French-GSD} # language -> folder
    train: 2000 # sentences
    dev: 500
    test: 500
    training: {epochs: 3, learning_rate: 5.0e-5, max_length: 128}
seed_sd: 1.0 # points; standard deviation of a paired difference, for the plan
deviations:
  - Not the checkpoint and not the treebanks of the paper.
"""


def command(
    folder: Annotated[Path, typer.Argument(help="Where to; made if it is absent.")] = Path("."),
) -> None:
    """Lay down claims, an example setting and a README to edit; overwrites nothing."""
    contents = _contents()
    present = [name for name in contents if (folder / name).exists()]
    if present:
        raise UserError(
            f"these files exist already: {', '.join(present)}",
            where=str(folder),
            next_step="choose another folder, or move them away; nothing was written",
        )
    laid = {folder / name: text for name, text in contents.items()}
    write_all_new(laid)
    folders = Counter(path.parent for path in laid)
    for path in laid:
        if number := folders.pop(path.parent, 0):
            what = path if number == 1 else f"{counted(number, 'file')} in {path.parent}"
            typer.echo(f"wrote {what}")
    typer.echo(f"{counted(len(contents), 'file')} to edit.")
    typer.echo(f"  next: {'' if folder == Path('.') else f'cd {folder} && '}reproduce validate")


def _contents() -> dict[str, str]:
    from reproduce.resources import shipped

    claims = shipped("claims")
    files = sorted(path for path in claims.rglob("*.yaml"))
    laid = {
        f"claims/{path.relative_to(claims).as_posix()}": path.read_text("utf-8") for path in files
    }
    return {**laid, "settings/own_treebanks.yaml": _SETTING, "README.md": _README}

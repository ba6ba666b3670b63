"""`reproduce extract`: draft claims from a document that has a table of claims."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from reproduce.cli.options import AsJson
from reproduce.cli.output import counted, echo_json

if TYPE_CHECKING:
    from reproduce.extract import Extraction, Format


def command(
    document: Annotated[Path, typer.Argument(metavar="DOC", help="Text, Markdown, HTML or LaTeX.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="FOLDER", help="Where the drafts go.")
    ] = Path("claims/drafts"),
    name: Annotated[
        str | None,
        typer.Option(
            "--name", help="The document's name in papers.yaml; default: found by its SHA-256."
        ),
    ] = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="FORMAT", help="text, markdown, html or latex; default: by suffix."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a draft for each claim of a document; a person fills in what to run and expect."""
    from reproduce.book import load_papers
    from reproduce.extract import document_name, extract, read_source, write_drafts

    source = read_source(document, _checked_format(format_))
    chosen = _checked_name(name) or document_name(source, load_papers([out]))
    extraction = extract(source, chosen)
    paths = write_drafts(extraction, out)
    if as_json:
        echo_json(_as_json(extraction, paths))
        return
    for path in paths:
        typer.echo(f"wrote {path}")
    typer.echo(_summary(extraction))
    typer.echo("  next: fill in what each one lacks; its first lines say how")


def _checked_format(name: str | None) -> Format | None:
    from reproduce.errors import UserError
    from reproduce.extract import FORMATS

    if name is not None and name not in FORMATS:
        raise UserError(f"unknown format {name!r}", where="--format", allowed=", ".join(FORMATS))
    return cast("Format | None", name)


def _checked_name(name: str | None) -> str | None:
    from pydantic import TypeAdapter, ValidationError

    from reproduce.errors import UserError
    from reproduce.nouns.base import Name

    try:
        return TypeAdapter(Name | None).validate_python(name)
    except ValidationError:
        raise UserError(
            f"{name!r} is not a name",
            where="--name",
            allowed="lower-case letters, digits, '.', '_' and '-'",
        ) from None


def _summary(extraction: Extraction) -> str:
    cut = sum(draft.source.truncated for draft in extraction.drafts)
    text = f"{counted(len(extraction.drafts), 'draft')} from {extraction.document}"
    if extraction.cut_at is not None:
        return f"{text}; it cuts claims at {extraction.cut_at} characters: {cut} are cut off."
    return f"{text}; {cut} are cut off." if cut else f"{text}."


def _as_json(extraction: Extraction, paths: Sequence[Path]) -> dict[str, object]:
    return {
        "document": extraction.document,
        "sha256": extraction.sha256,
        "cut_at": extraction.cut_at,
        "drafts": [
            {"file": str(path), **draft.model_dump(mode="json", exclude_none=True)}
            for path, draft in zip(paths, extraction.drafts, strict=True)
        ],
    }

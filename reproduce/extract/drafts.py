"""Drafts of a document's claims: made, written as YAML, and laid down without overwriting."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reproduce.atomic import write_all_new
from reproduce.book import Papers
from reproduce.errors import UserError
from reproduce.extract.claims_table import QuotedClaim, find_claims
from reproduce.extract.cuts import cut_length, is_cut
from reproduce.extract.patterns import find_patterns
from reproduce.extract.source_text import SourceText
from reproduce.nouns.claim import Source
from reproduce.nouns.draft import Draft, missing_keys
from reproduce.resources import shipped

if TYPE_CHECKING:
    from jinja2 import Template

_MAX_TITLE = 200


@dataclass(frozen=True)
class Extraction:
    """What was found in one document.

    Attributes:
        document: its name in `papers.yaml`.
        sha256: of the file.
        cut_at: the length in characters at which it cuts claims; None if it does not.
        drafts: one for each claim, in order.
    """

    document: str
    sha256: str
    cut_at: int | None
    drafts: tuple[Draft, ...]


def extract(source: SourceText, document: str) -> Extraction:
    """Drafts of all claims in a document's tables.

    Raises:
        UserError: it has no table of claims.
    """
    claims = find_claims(source)
    limit = cut_length([claim.quote for claim in claims])
    width = max(2, *(len(str(claim.row)) for claim in claims))
    drafts = (_draft(c, document, f"{c.row:0{width}d}", source.sha256, limit) for c in claims)
    return Extraction(document, source.sha256, limit, tuple(drafts))


def _draft(claim: QuotedClaim, document: str, number: str, sha256: str, limit: int | None) -> Draft:
    cut = is_cut(claim.quote, limit)
    title = " ".join(claim.quote.split()) + (" …" if cut else "")
    return Draft(
        status="draft",
        id=f"{document[:72]}-{number}",
        title=title if len(title) <= _MAX_TITLE else f"{title[: _MAX_TITLE - 2]} …",
        source=Source(
            document=document,
            row=claim.row,
            quote=claim.quote,
            truncated=cut,
            offset=claim.offset,
            sha256=sha256,
            confidence=claim.confidence,
            verified=claim.verified,
        ),
        found=find_patterns(claim.quote),
    )


def document_name(source: SourceText, papers: Papers) -> str:
    """The name that `papers.yaml` gives to a document, or one made of its file's name."""
    digests = {name: document.sha256 for name, document in papers.documents.items()}
    digests |= {name: paper.sha256 for name, paper in papers.papers.items()}
    for name, sha256 in digests.items():
        if sha256 == source.sha256:
            return name
    name = re.sub(r"[^a-z0-9._-]+", "-", source.path.stem.lower()).strip("-._")
    return name[:72] or "document"


def write_drafts(extraction: Extraction, folder: Path) -> list[Path]:
    """Write one file for each draft, or none if one of them exists or cannot be written.

    Raises:
        UserError: files of these names exist already.
    """
    contents = {folder / f"{draft.id}.yaml": draft_yaml(draft) for draft in extraction.drafts}
    present = [path.name for path in contents if path.exists()]
    if present:
        more = f" and {len(present) - 3} more" if len(present) > 3 else ""
        raise UserError(
            f"these drafts exist already: {', '.join(present[:3])}{more}",
            where=str(folder),
            next_step="choose another folder by --out, or move them away; nothing was written",
        )
    write_all_new(contents)
    return list(contents)


def draft_yaml(draft: Draft) -> str:
    """The file of one draft; reading it gives the draft again."""
    source = draft.source.model_dump(mode="json", exclude_none=True)
    found = {
        key: [_short(value) for value in values]
        for key, values in draft.found.model_dump(mode="json").items()
        if values
    }
    return _template().render(draft=draft, source=source, found=found, missing=missing_keys(draft))


def _short(value: object) -> object:
    if not isinstance(value, dict):
        return value
    return {key: inner for key, inner in value.items() if inner not in (None, "")}


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(shipped("templates")),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - YAML, not HTML: every value goes through the filter
    )
    environment.filters["yaml"] = _yaml
    return environment.get_template("draft.yaml.j2")


def _yaml(value: object) -> str:
    """A value on one line."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_yaml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(_yaml, value)) + "]"
    return str(value)


_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}  # YAML reads them otherwise


def _text(text: str) -> str:
    """Names as they are, everything else in double quotes with what cannot be printed escaped."""
    if _NAME.fullmatch(text) and text not in _WORDS:
        return text
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    code = ord(character)
    return (
        f"\\x{code:02x}"
        if code < 0x100
        else (f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")
    )

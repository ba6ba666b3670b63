"""Mutated claims, drafts, papers and settings: no traceback, no hang, no file anywhere."""

from __future__ import annotations

import os
import random
import re
import time
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from reproduce.book import load_book, load_setting
from reproduce.errors import UserError
from tests.fuzz.mutation import mutate_text

COUNT = int(os.environ.get("REPRODUCE_FUZZ_SPECS", "150"))
SLOWEST = 2.0  # seconds of this process's own time
PIECES = 10

ROOT = Path(__file__).resolve().parents[2]
PAPERS = (ROOT / "claims" / "papers.yaml").read_text()
# Without the drafts that they were made of, a claim alone is a book that can be read.
CLAIMS = [
    re.sub(r"^draft: .*\n", "", p.read_text(), flags=re.MULTILINE)
    for p in sorted((ROOT / "claims").rglob("*.yaml"))
    if p.name != "papers.yaml"
]
SETTINGS = [path.read_text() for path in sorted((ROOT / "settings").glob("*.yaml"))]


@cache
def papers_of(claim: str) -> str:
    """The part of the papers that a claim needs: reading all takes ten times as long."""
    whole = YAML(typ="safe").load(PAPERS)
    named = set(re.findall(r"\b(?:paper|document): ([\w.-]+)", claim))
    papers = {key: value for key, value in whole["papers"].items() if key in named}
    documents = {
        key: {"title": value["title"], "references": sorted(papers)}
        for key, value in whole["documents"].items()
        if key in named
    }
    text = StringIO()
    YAML(typ="safe").dump({**whole, "papers": papers, "documents": documents}, text)
    return text.getvalue()


def files_in(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("piece", range(PIECES))
def test_a_mutated_specification_is_read_or_refused(tmp_path: Path, piece: int) -> None:
    folder = tmp_path / "book"
    folder.mkdir()
    generator = random.Random(piece)
    worst = 0.0
    for number in range(COUNT // PIECES):
        kind = generator.choice(["claim", "claim", "claim", "setting", "papers"])
        claim, setting = generator.choice(CLAIMS), generator.choice(SETTINGS)
        papers = papers_of(claim)
        everything = [*CLAIMS, *SETTINGS, PAPERS]
        if kind == "claim":
            claim = mutate_text(claim, everything, generator)
        elif kind == "papers":
            papers = mutate_text(PAPERS, everything, generator)
        else:
            setting = mutate_text(setting, everything, generator)
        for name, text in {"claim": claim, "papers": papers, "setting": setting}.items():
            (folder / f"{name}.yaml").write_bytes(text.encode("utf-8", "surrogatepass"))
        begun = time.process_time()
        try:
            if kind == "setting":
                load_setting(str(folder / "setting.yaml"))
            else:
                load_book([folder / "claim.yaml"])
        except UserError as error:
            assert error.text().strip(), (piece, number)
        seconds = time.process_time() - begun
        worst = max(worst, seconds)
        assert seconds < SLOWEST, f"mutation {number} of piece {piece} took {seconds:.1f} s"
    names = {path.name for path in files_in(tmp_path)}
    assert names == {"claim.yaml", "papers.yaml", "setting.yaml"}, f"the slowest took {worst:.2f} s"

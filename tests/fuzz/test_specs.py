"""Mutated claims, drafts, papers and settings: no traceback, no hang, no file anywhere."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from reproduce.book import load_book, load_setting
from reproduce.errors import UserError
from tests.fuzz.mutation import mutate_text

COUNT = int(os.environ.get("REPRODUCE_FUZZ_SPECS", "150"))
SLOWEST = 2.0  # seconds of this process's own time
PIECES = 10

ROOT = Path(__file__).resolve().parents[2]
PAPERS = (ROOT / "claims" / "papers.yaml").read_text()
CLAIMS = [
    p.read_text() for p in sorted((ROOT / "claims").rglob("*.yaml")) if p.name != "papers.yaml"
]
SETTINGS = [path.read_text() for path in sorted((ROOT / "settings").glob("*.yaml"))]


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
        claim, papers, setting = generator.choice(CLAIMS), PAPERS, generator.choice(SETTINGS)
        everything = [*CLAIMS, *SETTINGS, PAPERS]
        if kind == "claim":
            claim = mutate_text(claim, everything, generator)
        elif kind == "papers":
            papers = mutate_text(papers, everything, generator)
        else:
            setting = mutate_text(setting, everything, generator)
        for name, text in {"claim": claim, "papers": papers, "setting": setting}.items():
            (folder / f"{name}.yaml").write_bytes(text.encode("utf-8", "surrogatepass"))
        begun = time.process_time()
        for read in (
            lambda: load_book([folder / "claim.yaml"]),
            lambda: load_setting(str(folder / "setting.yaml")),
        ):
            try:
                read()
            except UserError as error:
                assert error.text().strip(), (piece, number)
        seconds = time.process_time() - begun
        worst = max(worst, seconds)
        assert seconds < SLOWEST, f"mutation {number} of piece {piece} took {seconds:.1f} s"
    names = {path.name for path in files_in(tmp_path)}
    assert names == {"claim.yaml", "papers.yaml", "setting.yaml"}, f"the slowest took {worst:.2f} s"

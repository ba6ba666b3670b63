"""A small book in a temporary folder, whose files tests change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reproduce.book import load_book
from reproduce.errors import Problem, SpecErrors

CLAIM = """\
id: gain
title: DLFA gains
paper: some-paper
source: {document: report, row: 5, quote: It gains., confidence: "0.30"}
family: dlfa
role: confirmatory
experiment:
  kind: fusion_sweep
  tasks: [pos]
  layers: [1, 2]
  languages: xtreme
  seeds: {looks: [8, 12]}
expect:
  kind: margin
  margin: "1.0"
unit: seed
"""

PAPERS = """\
documents:
  report: {title: A report, references: [some-paper]}
papers:
  some-paper: {title: A paper, link: "https://example.org/1"}
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a claim with replacements into a book; `write(("old", "new"), name="b.yaml")`."""

    def write_one(*changes: tuple[str, str], name: str = "a.yaml", text: str = CLAIM) -> Path:
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / "papers.yaml").write_text(PAPERS)
        (tmp_path / name).write_text(text)
        return tmp_path / name

    return write_one


def problems_of(*paths: Path, overrides: tuple[str, ...] = ()) -> tuple[Problem, ...]:
    """Everything that is wrong with these paths."""
    with pytest.raises(SpecErrors) as raised:
        load_book(paths, overrides=overrides)
    return raised.value.problems


def only_problem(*paths: Path, overrides: tuple[str, ...] = ()) -> Problem:
    """The one thing that is wrong."""
    (problem,) = problems_of(*paths, overrides=overrides)
    return problem

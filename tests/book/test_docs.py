"""The example and the names in docs/claims.md are those of the book."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path
from shutil import copy, copytree

import pytest

from reproduce.book import load_book
from reproduce.nouns.claim import criterion_digest
from reproduce.resources import shipped

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "claims.md").read_text(encoding="utf-8")
TABLE = PAGE.partition("## The book")[2].partition("`papers.yaml` lists")[0]
NAMES = [name for name in re.findall(r"`([a-z_*]+)`", TABLE) if "_" in name]


def test_the_example_is_the_claim_of_the_book(tmp_path: Path) -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)
    book = tmp_path / "claims"
    copytree(shipped("claims") / "drafts", book / "drafts")
    copy(shipped("claims") / "papers.yaml", book)
    (book / "lower_layer_supplements_pos.yaml").write_text(block)
    (made,) = load_book([book]).claims
    true = load_book([shipped("claims")]).get(made.claim.id).claim
    assert criterion_digest(made.claim) == criterion_digest(true)
    assert made.claim.source == true.source


@pytest.mark.parametrize("name", NAMES)
def test_every_claim_that_is_named_is_in_the_book(name: str) -> None:
    files = [path.stem for path in shipped("claims").glob("*.yaml")]
    assert [stem for stem in files if fnmatch(stem, name)]


def test_every_claim_of_the_book_is_named() -> None:
    files = [path.stem for path in shipped("claims").glob("*.yaml") if path.stem != "papers"]
    named = [*NAMES, *re.findall(r"`(\w+)`", TABLE)]
    assert [stem for stem in files if not any(fnmatch(stem, name) for name in named)] == []

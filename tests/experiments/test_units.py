"""The shipped claims about layers, families and sources, with a unit or an expectation wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reproduce.book import load_book
from reproduce.errors import SpecErrors

CLAIMS = Path(__file__).resolve().parents[2] / "claims"


def changed(folder: Path, name: str, old: str, new: str) -> Path:
    """A shipped claim with one text replaced, beside the papers and drafts that it names."""
    shutil.copy(CLAIMS / "papers.yaml", folder / "papers.yaml")
    shutil.copytree(CLAIMS / "drafts", folder / "drafts")
    text = (CLAIMS / name).read_text()
    assert old in text
    path = folder / name
    path.write_text(text.replace(old, new))
    return path


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("cross_lingual_layers.yaml", "unit: sentence", "unit: seed", "does not vary over 'seed'"),
        ("language_family.yaml", "unit: language", "unit: sentence", "does not vary over"),
        ("related_source.yaml", "unit: seed", "unit: language", "does not vary over 'language'"),
        (
            "language_family_representations.yaml",
            "  layers: all",
            "  layers: all\n  seeds: {looks: [3]}",
            "has no seeds",
        ),
        (
            "language_family.yaml",
            '  kind: family_gap\n  margin: "5"\n  at_least: "80%"\n',
            "  kind: margin\n",
            "margin does not fit the experiment family_similarity",
        ),
        (
            "cross_lingual_layers.yaml",
            "[retrieval, pos_probe",
            "[retreival, pos_probe",
            "retreival",
        ),
        ("cross_lingual_layers.yaml", "lower: [retrieval]", "lower: [pos_probe]", "alike"),
    ],
)
def test_what_does_not_fit_is_refused_with_file_and_line(tmp_path, name, old, new, message):
    path = changed(tmp_path, name, old, new)
    with pytest.raises(SpecErrors, match=message) as found:
        load_book([path])
    assert f"{name}:" in str(found.value)

"""The wheel works in an empty folder: claims, templates, settings and the checkpoint travel."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def call(site: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "reproduce", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_claims_laid_down_by_the_wheel_are_valid_and_can_be_planned(
    unpacked: Path, tmp_path: Path
) -> None:
    assert call(unpacked, tmp_path, "init", "mine").returncode == 0
    mine = tmp_path / "mine"
    assert (mine / "claims" / "best_layer.yaml").is_file()
    valid = call(unpacked, mine, "validate", "--setting", "world")
    assert valid.returncode == 0, valid.stderr
    planned = call(unpacked, mine, "plan", "claims/best_layer.yaml")
    assert "256 cells: 0 stored, 256 to train." in planned.stdout, planned.stderr


def test_the_wheel_carries_templates_the_checkpoint_and_its_card(unpacked: Path) -> None:
    package = unpacked / "reproduce"
    for name in ("templates/report.html.j2", "settings/world.yaml", "claims/papers.yaml"):
        assert (package / "_shipped" / name).is_file()
    for name in ("model.safetensors", "tokenizer.json", "card.json", "README.md"):
        assert (package / "embedded" / "world" / name).is_file()
    assert (package / "py.typed").is_file()


def test_the_wheel_carries_no_tests_and_no_results(unpacked: Path) -> None:
    assert {path.name.split("-")[0] for path in unpacked.iterdir()} == {"reproduce"}

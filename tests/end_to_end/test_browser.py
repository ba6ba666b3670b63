"""The report in a real browser: it opens from disk, and hostile text in a claim stays text."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Project, claim_text

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
HOSTILE = "<script>document.title='owned'</script><img src=x onerror=document.title='owned'>"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs a headless Chromium")


def page_after_loading(page: Path, scratch: Path) -> str:
    """The document as the browser has it after loading, scripts run if any could."""
    assert CHROMIUM is not None
    done = subprocess.run(
        [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            f"--user-data-dir={scratch}",
            "--dump-dom",
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout


def test_a_claim_with_a_script_in_it_is_shown_and_does_nothing(
    project: Project, tmp_path: Path
) -> None:
    title = f"title: Fusing {HOSTILE}"
    text = claim_text().replace("title: Fusing a lower layer helps tagging", title)
    assert HOSTILE in text
    (project.folder / "claims" / "gain.yaml").write_text(text)
    done = project.run("--set", "experiment.layers=[1]")
    assert done.returncode == 0, done.stderr
    assert project.call("report", "--html", "--out", "report.html").returncode == 0
    page = page_after_loading(project.folder / "report.html", tmp_path / "profile")
    head = page.split("</title>")[0]
    assert "&lt;script&gt;" in head
    assert "owned</title>" not in page
    assert "<img src=" not in page
    assert "inconclusive" in page or "supported" in page or "refuted" in page

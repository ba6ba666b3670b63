"""The page in a real browser: hostile text stays text, and if it did not, the policy would hold."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from reproduce.report import build_view, to_html
from tests.end_to_end.test_browser import CHROMIUM
from tests.report.factory import synthetic
from tests.report.test_escaping import HOSTILE, attack

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs a headless Chromium")

OWNED = "document.title='owned'"
PAYLOADS = (
    f"<script>{OWNED}</script>",
    f"<img src=x onerror={OWNED}>",
    f"<svg><script>{OWNED}</script><animate onbegin={OWNED} attributeName=x dur=1s></svg>",
    f"<svg onload={OWNED}>",
    f'<a href="javascript:{OWNED}" autofocus onfocus={OWNED}>x</a>',
    f'<iframe srcdoc="<script>parent.{OWNED}</script>"></iframe>',
    f"<details open ontoggle={OWNED}>x</details>",
    f'" onmouseover="{OWNED}" autofocus onfocus="{OWNED}" x="',
    f"</title><script>{OWNED}</script>",
    f"</style><script>{OWNED}</script>",
    "\u202e\u2066</p>\u0000<scr\u00adipt>",
    f"\uff1cscript\uff1e{OWNED}\uff1c/script\uff1e",
)


def chunks(texts: tuple[str, ...], most: int) -> list[str]:
    """The texts joined, each piece as long as a title may be."""
    pieces = [""]
    for text in texts:
        if len(pieces[-1]) + len(text) + 1 > most:
            pieces.append("")
        pieces[-1] += f"{text} "
    return pieces


class Loaded(NamedTuple):
    document: str
    console: str


def load(page: Path, profile: Path) -> Loaded:
    """The document after loading, and what the browser said of it."""
    assert CHROMIUM is not None
    quiet = ("--no-first-run", "--disable-background-networking", "--disable-sync", "--disable-gpu")
    done = subprocess.run(
        [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-quic",
            "--disable-component-update",
            *quiet,
            "--enable-logging=stderr",
            "--virtual-time-budget=2000",
            f"--user-data-dir={profile}",
            "--dump-dom",
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=180,
        check=True,
    )
    lines = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return Loaded(done.stdout, "\n".join(lines))


@pytest.fixture(scope="module")
def small():
    return synthetic(layers=3, seeds=2, sentences=4, tasks=("ner", "pos"))


@pytest.mark.parametrize("hostile", chunks((*PAYLOADS, *HOSTILE.values()), 200))
def test_hostile_text_in_every_field_is_inert_and_our_own_style_counts(small, tmp_path, hostile):
    run, records = small
    page = tmp_path / "report.html"
    page.write_text(to_html(build_view(attack(run, hostile), records)), encoding="utf-8")
    loaded = load(page, tmp_path / "profile")
    assert "<title>owned" not in loaded.document
    for tag in ("<script", "<img", "<iframe", '<a href="javascript', "<animate"):
        assert tag not in loaded.document
    assert "Content Security Policy" not in loaded.console


def test_the_policy_holds_where_markup_gets_into_the_page_after_all(small, tmp_path):
    html = to_html(build_view(*small))
    injected = "\n".join((*PAYLOADS[:7], "<style>body{display:none}</style>"))
    page = tmp_path / "report.html"
    page.write_text(html.replace("<main>", f"<main>{injected}"), encoding="utf-8")
    loaded = load(page, tmp_path / "profile")
    assert "<script>" in loaded.document, "the attack is really in the page"
    assert "<title>owned" not in loaded.document
    assert "Content Security Policy" in loaded.console


def test_without_the_policy_the_same_attack_would_succeed(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(f"<!doctype html><title>x</title><main>{PAYLOADS[0]}</main>", encoding="utf-8")
    assert "<title>owned" in load(page, tmp_path / "profile").document

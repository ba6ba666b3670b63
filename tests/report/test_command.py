from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from urllib.parse import urlparse
from urllib.request import url2pathname

import pytest

from reproduce.nouns.record import Record
from reproduce.nouns.run import Run
from reproduce.report import ReportView, report_path, write
from reproduce.store import Store, records, runs
from tests.cli.conftest import Call, call
from tests.report.page import Page

__all__ = ["call"]

Small = tuple[Run, dict[str, Record]]


@pytest.fixture
def place(small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder whose store has one run."""
    run, found = small
    store = Store(tmp_path / ".reproduce")
    for record in found.values():
        records.put(store, record)
    runs.save(store, run)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_latest_run_becomes_a_page_and_its_place_is_told(call: Call, place: Path) -> None:
    ended = call("report")
    assert ended.status == 0
    path, url = ended.out.splitlines()
    assert path == "Report: reports/20260131T120500Z-0a1b2c3d.html"
    file = Path(url2pathname(urlparse(url.strip()).path))
    assert "4 claims" in Page(file.read_text(encoding="utf-8")).all("h1")[0].text


def test_the_page_is_the_one_of_the_stored_records(call: Call, place: Path, html: str) -> None:
    call("report", "--out", "page.html")
    assert Path("page.html").read_text(encoding="utf-8") == html


def test_a_run_is_found_by_its_id(call: Call, place: Path, small: Small) -> None:
    later = small[0].model_copy(update={"id": "20260201T000000Z-ffffffff"})
    runs.save(Store(place / ".reproduce"), later)
    call("report", small[0].id)
    assert [p.name for p in Path("reports").iterdir()] == [f"{small[0].id}.html"]


def test_json_goes_to_the_standard_output(call: Call, place: Path, view: ReportView) -> None:
    ended = call("report", "--json")
    assert ReportView.model_validate_json(ended.out) == view
    assert not Path("reports").exists()


def test_several_formats_at_once(call: Call, place: Path) -> None:
    ended = call("report", "--html", "--markdown", "--json", "--out", "all/mine.html")
    assert {p.name for p in Path("all").iterdir()} == {"mine.html", "mine.md", "mine.json"}
    assert json.loads(Path("all/mine.json").read_text())["run"] == "20260131T120500Z-0a1b2c3d"
    assert ended.out == ""


def test_markdown_can_go_to_the_standard_output(call: Call, place: Path) -> None:
    assert call("report", "--markdown", "--out", "-").out.startswith("# 4 claims in setting world")


def test_without_a_run_the_next_step_is_told(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = call("report")
    assert ended.status == 2
    assert "there is no run to report yet" in ended.err
    assert "reproduce run claims/best_layer.yaml" in ended.err
    assert not Path("reports").exists()


def test_a_run_without_a_verdict_evaluated_nothing(call: Call, place: Path, small: Small) -> None:
    empty = small[0].model_copy(update={"id": "20260201T000000Z-ffffffff", "verdicts": ()})
    runs.save(Store(place / ".reproduce"), empty)
    ended = call("report")
    assert ended.status == 5
    assert "Nothing was evaluated" in ended.err


def test_a_report_of_one_claim_is_named_after_it(small: Small) -> None:
    run = small[0].model_copy(update={"claims": small[0].claims[:1]})
    assert report_path(run) == Path("reports/best-layer.html")


def test_a_name_from_a_manifest_cannot_leave_the_folder(small: Small) -> None:
    run = small[0].model_copy(update={"id": "../../etc/x"})
    assert report_path(run).parent == Path("reports")


def test_a_report_that_cannot_be_put_in_place_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "page.html"
    path.write_text("old")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="No space"):
        write(path, "new")
    assert [p.name for p in tmp_path.iterdir()] == ["page.html"]
    assert path.read_text() == "old"


def test_others_may_read_a_report(tmp_path: Path) -> None:
    write(tmp_path / "page.html", "x")
    plain = tmp_path / "plain"
    plain.write_text("x")
    modes = {stat.S_IMODE(p.stat().st_mode) for p in tmp_path.iterdir()}
    assert len(modes) == 1

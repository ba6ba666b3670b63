from __future__ import annotations

import pytest

from reproduce.nouns.record import Record
from reproduce.nouns.run import Run
from reproduce.report import ReportView, build_view, to_html
from tests.report.factory import synthetic
from tests.report.page import Page


@pytest.fixture(scope="session")
def small() -> tuple[Run, dict[str, Record]]:
    return synthetic(layers=3, seeds=2, sentences=20, tasks=("ner", "pos"))


@pytest.fixture(scope="session")
def view(small: tuple[Run, dict[str, Record]]) -> ReportView:
    return build_view(*small)


@pytest.fixture(scope="session")
def html(view: ReportView) -> str:
    return to_html(view)


@pytest.fixture(scope="session")
def page(html: str) -> Page:
    return Page(html)

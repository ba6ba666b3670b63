"""Templates that a user brings run in a sandbox."""

from __future__ import annotations

from pathlib import Path

import pytest

from reproduce.errors import UserError
from reproduce.report import build_view, to_html, to_markdown
from reproduce.report.view import ReportView
from tests.report.factory import synthetic


@pytest.fixture(scope="module")
def view() -> ReportView:
    return build_view(*synthetic(layers=3, seeds=2, sentences=4, tasks=("ner", "pos")))


def rendered(view: ReportView, folder: Path, text: str) -> str:
    (folder / "report.md.j2").write_text(text)
    return to_markdown(view, folder)


def test_a_template_of_the_users_comes_before_ours(view, tmp_path):
    assert rendered(view, tmp_path, "mine: {{ view.setting }}") == "mine: world\n"


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ view.__init__.__globals__ }}",
        "{{ view.model_dump.__func__.__globals__['__builtins__'] }}",
        "{{ cycler.__init__.__globals__.os.system('id') }}",
        "{{ ''['__cl' ~ 'ass__'] }}",
        "{{ (''|attr('__class__')).mro() }}",
        "{% set _ = view.levels.append('x') %}",
        "{{ range(10000000) | list }}",
        "{% include '/etc/passwd' %}",
        "{% include '../../../etc/passwd' %}",
    ],
)
def test_a_template_cannot_leave_the_sandbox(view, tmp_path, attack):
    with pytest.raises(UserError, match="the template failed"):
        rendered(view, tmp_path, attack)


def test_a_wrong_template_is_told_with_its_place(view, tmp_path):
    with pytest.raises(UserError, match=r"report\.md\.j2:2"):
        rendered(view, tmp_path, "\n{% if %}")


def test_there_must_be_such_a_folder(view, tmp_path):
    with pytest.raises(UserError, match="no such folder of templates"):
        to_html(view, tmp_path / "nowhere")

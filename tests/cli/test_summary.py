"""Tests of what `run` says at its end."""

from __future__ import annotations

import pytest

from reproduce.cli.summary import print_run
from reproduce.nouns.run import Run
from tests.report.factory import synthetic


@pytest.fixture(scope="module")
def finished() -> Run:
    return synthetic(layers=3, seeds=2, sentences=4, tasks=("pos",))[0]


def test_what_a_verdict_is_called_is_said_once(
    finished: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    verdict = finished.verdicts[0].model_copy(update={"reason": "Fails in simulation: it is 1."})
    refuted = verdict.model_copy(update={"outcome": "refuted", "evidence": "simulated"})
    print_run(finished.model_copy(update={"verdicts": (refuted,)}))
    out = capsys.readouterr().out
    assert out.count("Fails in simulation") == 1
    assert "\n  Why: it is 1.\n" in out


def test_verdicts_fit_the_terminal(
    finished: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    verdict = finished.verdicts[0].model_copy(update={"reason": "word " * 40, "estimates": ()})
    print_run(finished.model_copy(update={"verdicts": (verdict,)}))
    lines = [line for line in capsys.readouterr().out.splitlines() if "word" in line]
    assert len(lines) > 3
    assert all(len(line) <= 60 for line in lines)


def test_an_interrupted_run_says_so_and_how_it_goes_on(
    finished: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    print_run(finished.model_copy(update={"not_run": ("a" * 64,), "executor": "ray"}))
    assert "Interrupted before all cells had run" in capsys.readouterr().out

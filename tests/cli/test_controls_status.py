"""The exit status of runs that contain controls."""

from __future__ import annotations

import pytest

from reproduce.cli.exit_status import ExitStatus
from reproduce.cli.summary import status_of
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.run import Run
from tests.report.factory import synthetic


@pytest.fixture(scope="module")
def run() -> Run:
    found, _ = synthetic(layers=3, seeds=2, sentences=5, tasks=("pos",))
    return found.model_copy(update={"failures": (), "not_run": ()})


def with_control(run: Run, outcome: Outcome, state: str) -> Run:
    control = run.verdicts[2].model_copy(update={"outcome": outcome, "control": state})
    return run.model_copy(update={"verdicts": (control,)})


@pytest.mark.parametrize(
    ("outcome", "state", "status"),
    [
        (Outcome.SUPPORTED, "passed", ExitStatus.DONE),
        (Outcome.REFUTED, "passed", ExitStatus.DONE),
        (Outcome.SUPPORTED, "failed", ExitStatus.REFUTED),
        (Outcome.REFUTED, "failed", ExitStatus.REFUTED),
        (Outcome.INCONCLUSIVE, "undecided", ExitStatus.INCOMPLETE),
        (Outcome.INCONCLUSIVE, "passed", ExitStatus.DONE),
    ],
)
def test_under_strict_a_control_counts_by_whether_it_is_as_it_must_be(
    run: Run, outcome: Outcome, state: str, status: ExitStatus
) -> None:
    changed = with_control(run, outcome, state)
    assert status_of(changed, strict=True) is status
    assert status_of(changed, strict=False) is ExitStatus.DONE

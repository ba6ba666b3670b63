"""Tests of the display of a run."""

from __future__ import annotations

import dataclasses
import io

from rich.console import Console

from reproduce.nouns.cell import Fusion
from reproduce.nouns.contract import ContractCell
from reproduce.nouns.record import Check
from reproduce.schedule import Failed, Finished, Started, cell_title, shown_score
from reproduce.schedule.progress import PlainLines, Tally, progress
from tests.schedule.fake_runner import make_cell, make_record


class Clock:
    """A clock that stands until it is set."""

    now = 0.0

    def __call__(self):
        return self.now


def test_counts_add_up():
    tally = Tally(5)
    tally.take(Finished(make_cell(0), 0.0, "70.0", reused=True))
    for seed in (1, 2, 3):
        tally.take(Started(make_cell(seed)))
    tally.take(Finished(make_cell(1), 1.0, "71.0"))
    tally.take(Failed(make_cell(2), 1, "boom", final=False))
    tally.take(Started(make_cell(2)))
    tally.take(Failed(make_cell(2), 2, "boom", final=True))
    counts = (tally.reused, tally.done, tally.failed, tally.running, tally.left)
    assert counts == (1, 1, 1, 1, 2)


def test_the_estimate_is_the_pace_since_the_first_cell_began():
    clock = Clock()
    tally = Tally(10, clock)
    clock.now = 30.0  # workers start
    tally.take(Started(make_cell(1)))
    assert tally.estimate is None
    clock.now = 35.0
    tally.take(Finished(make_cell(1), 5.0, ""))
    assert tally.estimate == 45.0


def test_plain_lines_tell_the_first_score_of_each_task_and_then_every_ten_seconds():
    clock, lines = Clock(), []
    plain = PlainLines(Tally(9, clock), lines.append)
    for now, task in [(1, "pos"), (2, "pos"), (3, "ner"), (4, "pos"), (14, "pos")]:
        clock.now = now
        plain.take(Finished(make_cell(now, task=task), 1.0, f"{now}.0"))
    assert [line.rpartition(": ")[2] for line in lines] == ["1.0", "3.0", "14.0"]


def _shown(event, *, terminal=False):
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=terminal, width=100)
    with progress(3, console=console) as on_event:
        on_event(Started(make_cell(1)))
        on_event(event)
    return stream.getvalue()


def test_lines_for_files_have_no_control_characters_whatever_an_error_says():
    text = _shown(Failed(make_cell(1), 1, "bad \x1b[31m [bold]red[/bold] \r", final=True))
    assert "[bold]red[/bold]" in text
    assert all(letter.isprintable() or letter == "\n" for letter in text)


def test_a_terminal_shows_counts_and_the_latest_score_by_task():
    text = _shown(Finished(make_cell(1), 1.0, "71.2"), terminal=True)
    assert "1 of 3 cells done" in text
    assert "71.2" in text
    assert "pos last seed 1" in text


def test_quiet_shows_nothing(capfd):
    with progress(1, quiet=True) as on_event:
        on_event(Started(make_cell(1)))
    assert capfd.readouterr() == ("", "")


def test_exact_checks_are_shown_as_a_count_and_not_as_a_score_of_a_task():
    of = ContractCell(
        model="f" * 64,
        task="pos",
        checks=("gate_lies_between_0_and_1",),
        modules=(Fusion(kind="dlfa", layer=1),),
        steps={},
    )
    record = make_record(make_cell(0))
    checks = (Check(name="shape", holds=True), Check(name="gate", holds=False))
    content = record.content.model_copy(update={"checks": checks})
    assert shown_score(dataclasses.replace(record, content=content)) == "1 of 2 hold"
    assert cell_title(of) == "exact checks (gate_lies_between_0_and_1)"

"""Shows how a run goes on: a live table on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from reproduce.nouns.cell import cell_id
from reproduce.schedule.events import Event, Failed, Finished, Started, cell_title

PLAIN_SECONDS = 10.0
"""Least time between two plain lines that only say how far the run is."""


@contextmanager
def progress(
    total: int, *, quiet: bool = False, console: Console | None = None
) -> Iterator[Callable[[Event], None]]:
    """Yields what events are to be told to; writes to standard error.

    Args:
        total: number of cells, the stored ones included.
        quiet: show nothing, for output that a program reads.
        console: where to write instead.
    """
    tally = Tally(total)
    console = console or Console(stderr=True, highlight=False, soft_wrap=True)
    if quiet:
        yield tally.take
    elif console.is_terminal:
        # Refreshed from a thread of its own, so that the clock runs between events.
        with Live(get_renderable=lambda: _table(tally), console=console, refresh_per_second=2):
            yield tally.take
    else:
        lines = PlainLines(tally, lambda line: console.print(Text(line)))
        try:
            yield lines.take
        finally:
            lines.close()


class Latest(NamedTuple):
    """The last score of one task."""

    score: str
    title: str


class Tally:
    """Counts of a run that goes on."""

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic):
        self.total = total
        self.done = 0  # in this run
        self.reused = 0
        self.failed = 0
        self.latest: dict[str, Latest] = {}  # task -> score
        self.last_failure = ""
        self._running: set[str] = set()
        self._clock = clock
        self._begun = clock()
        self._first_start: float | None = None

    @property
    def running(self) -> int:
        """Cells that workers are at."""
        return len(self._running)

    @property
    def left(self) -> int:
        """Cells that are not finished, the running ones included."""
        return self.total - self.done - self.reused - self.failed

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return self._clock() - self._begun

    @property
    def estimate(self) -> float | None:
        """Seconds to the end at the pace so far; None before anything is finished."""
        finished = self.done + self.failed
        if self._first_start is None or not finished:
            return None
        return (self._clock() - self._first_start) / finished * self.left

    @property
    def begun(self) -> bool:
        """Whether a worker has begun with a cell."""
        return self._first_start is not None

    def take(self, event: Event) -> None:
        """Count an event."""
        if isinstance(event, Started):
            self._running.add(cell_id(event.cell))
            self._first_start = self._clock() if self._first_start is None else self._first_start
            return
        self._running.discard(cell_id(event.cell))
        if isinstance(event, Failed):
            self.failed += event.final
            self.last_failure = _failure_line(event)
        else:
            self.reused += event.reused
            self.done += not event.reused
            if event.score:
                self.latest[event.cell.task] = Latest(event.score, cell_title(event.cell))


class PlainLines:
    """One line now and then: the first score of each task, failures, and how far the run is."""

    def __init__(self, tally: Tally, write: Callable[[str], None]):
        self._tally = tally
        self._write = write
        self._last = tally.elapsed
        self._shown: set[str] = set()  # tasks
        self._told_start = False

    def take(self, event: Event) -> None:
        """Count an event and write what is worth a line."""
        self._tally.take(event)
        if isinstance(event, Started):
            self._tell_start()
        elif isinstance(event, Failed):
            self._write(_failure_line(event))
        elif not event.reused:
            self._tell_finished(event)

    def close(self) -> None:
        """Say how it ended."""
        self._write(f"{_counts(self._tally)} in {_clock_time(self._tally.elapsed)}")

    def _tell_start(self) -> None:
        if not self._told_start:
            self._told_start = True
            self._write(f"{_counts(self._tally)}; the first cells begin")

    def _tell_finished(self, event: Finished) -> None:
        new = event.cell.task not in self._shown
        if new or self._tally.elapsed - self._last >= PLAIN_SECONDS:
            self._shown.add(event.cell.task)
            self._last = self._tally.elapsed
            score = f"; {cell_title(event.cell)}: {event.score}" if event.score else ""
            self._write(f"{_counts(self._tally)}; {_times(self._tally)}{score}")


def _counts(tally: Tally) -> str:
    parts = [f"{tally.done + tally.reused} of {tally.total} cells done"]
    if tally.reused:
        parts[0] += f" ({tally.reused} stored before)"
    if tally.running:
        parts.append(f"{tally.running} running")
    if tally.failed:
        parts.append(f"{tally.failed} failed")
    return ", ".join(parts)


def _times(tally: Tally) -> str:
    if not tally.begun:
        return f"{_clock_time(tally.elapsed)} elapsed, starting workers"
    if tally.estimate is None:
        return f"{_clock_time(tally.elapsed)} elapsed"
    return f"{_clock_time(tally.elapsed)} elapsed, about {_clock_time(tally.estimate)} left"


def _clock_time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _failure_line(event: Failed) -> str:
    what = "failed" if event.final else f"failed on attempt {event.attempt}, will be tried again"
    return f"{cell_title(event.cell)} {what}: {_printable(event.error)}"


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:300]


def _table(tally: Tally) -> Group:
    parts: list[Text | Table] = [Text(f"{_counts(tally)}, {tally.left} left"), Text(_times(tally))]
    if tally.latest:
        table = Table("task", "latest score", "of", box=None, pad_edge=False)
        for task, latest in tally.latest.items():
            table.add_row(Text(task), Text(latest.score, justify="right"), Text(latest.title))
        parts.append(table)
    if tally.last_failure:
        parts.append(Text(tally.last_failure, style="red"))
    return Group(*parts)

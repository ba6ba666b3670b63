"""Executors: take cells, run them, hand records to the store."""

from reproduce.schedule.events import (
    Event,
    Failed,
    Finished,
    Started,
    Summary,
    cell_title,
)
from reproduce.schedule.execute import execute, shown_score
from reproduce.schedule.options import Options

__all__ = [
    "Event",
    "Failed",
    "Finished",
    "Options",
    "Started",
    "Summary",
    "cell_title",
    "execute",
    "shown_score",
]

"""Fit the tables of `balance` anew: `python -m reproduce.world.refit > balance_tables.py`."""

from __future__ import annotations

import pprint
import sys

from reproduce.world.balance import Weights, fit
from reproduce.world.draw import stream
from reproduce.world.languages import SOURCE_LANGUAGE
from reproduce.world.meaning import Part
from reproduce.world.world import World

DRAWN = {"nli": 9000, "paraphrase": 6000}


def refit(task: str) -> Weights:
    """The weights of one task, from pairs before any are refused."""
    world = World()
    anywhere = Part(0, Part.BUCKETS)
    pairs = [world.writers[task].pair(stream("fit", task, i), anywhere) for i in range(DRAWN[task])]
    return fit(pairs, lambda event: world.words(SOURCE_LANGUAGE, event))


def main() -> None:
    """Write the module of the tables to the standard output."""
    tables = {task: refit(task) for task in DRAWN}
    sys.stdout.write(
        '"""Tables of `balance`: made by `refit`, not by hand."""\n\n'
        "from __future__ import annotations\n\n"
        f"TABLES: dict[str, dict[str, dict[str, float]]] = {pprint.pformat(tables, width=98)}\n"
    )


if __name__ == "__main__":
    main()

"""Measures how long judging 10,000 records of 1,000 sentences takes, and prints a table.

    python benchmarks/judging.py

The records are made up and lie in memory; target: 10 s and 2 GB.
"""

from __future__ import annotations

import resource
import time

import numpy as np

from reproduce.judge import judge_claims
from reproduce.judge.best_layer_differs import BestLayerDiffers
from reproduce.judge.margin import Margin
from reproduce.judge.observations import Slice
from reproduce.judge.simulation import (
    SETTING,
    SOURCE,
    Shape,
    Simulated,
    segment_record,
    simulated_design,
)
from reproduce.nouns.cell import cell_id
from reproduce.nouns.claim import Claim, Source
from reproduce.nouns.design import Design
from reproduce.nouns.record import Record

TARGETS = tuple(f"{letter}{letter}" for letter in "bcdefghij")
TASKS = ("xnli", "pawsx", "ner", "pos")
SENTENCES = 100  # by language: with the source's development set 1,000 a record


def make_records(design: Design) -> dict[str, Record]:
    """Records of random answers, ten words a sentence."""
    rng = np.random.default_rng(0)
    pieces = [Slice("last", SOURCE, "dev"), *(Slice("last", c, "test") for c in TARGETS)]
    records = {}
    for trial in design.trials:
        rows = {
            piece: np.stack([rng.integers(0, 11, SENTENCES), np.full(SENTENCES, 10)], axis=1)
            for piece in pieces
        }
        records[cell_id(trial.cell)] = segment_record(trial.cell, rows)
    return records


def main() -> None:
    """Judge each kind of claim over the same records."""
    shape = Shape(tasks=TASKS, layers=tuple(range(1, 8)), units=313, targets=TARGETS)
    design = simulated_design(shape)
    records = make_records(design)
    print(f"{len(records)} records of {10 * SENTENCES} sentences")
    for expect in (Margin(), BestLayerDiffers(tie_tolerance="1.0")):
        for inference in ("this-test-set", "new-sentences"):
            claim = Claim(
                id="simulated",
                title="Simulated",
                paper="simulated",
                source=Source(document="simulated", quote="Simulated."),
                family="simulated",
                role="control",
                experiment=Simulated(),
                expect=expect,
                unit="seed",
                inference=inference,
            )
            start = time.perf_counter()
            judge_claims([(claim, design)], records, setting=SETTING, family_sizes={})
            seconds = time.perf_counter() - start
            gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
            print(f"{expect.kind:20} {inference:15} {seconds:5.1f} s  {gigabytes:4.1f} GB peak")


if __name__ == "__main__":
    main()

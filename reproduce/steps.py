"""Versions of the code steps that decide a record's content; they are part of a cell's identity.

Raise a step's version when a change of its code changes results: records made before are then no
longer found, and their cells run again. A test pins each step's source to its version.
"""

from __future__ import annotations

STEPS: dict[str, str] = {
    "data": "1",
    "encoding": "1",
    "model": "1",
    "fusion": "1",
    "training": "1",
    "evaluation": "2",
    "contracts": "1",
    "probing": "1",
}

# The modules of each step, as files or folders below the package.
SOURCES_OF_STEPS: dict[str, tuple[str, ...]] = {
    "data": ("data", "tasks"),
    "encoding": (
        "training/encode.py",
        "training/kept.py",
        "training/batches.py",
        "models/batch.py",
    ),
    "model": (
        "models/checkpoint.py",
        "models/encoder.py",
        "models/fast_encoder.py",
        "models/heads.py",
        "models/classifier.py",
    ),
    "fusion": ("models/fusion",),
    "training": (
        "training/seeds.py",
        "training/loop.py",
        "training/fine_tune.py",
        "training/adapt.py",
        "training/controls.py",
        "training/majority.py",
    ),
    "evaluation": (
        "training/evaluate.py",
        "training/benchmark.py",
        "training/chance.py",
        "training/gates.py",
    ),
    "contracts": ("contracts",),
    "probing": ("probing",),
}

"""The random streams of one cell.

Pairing: cells that differ in their fusion module only and share a seed see the same batches in the
same order, start from the same head weights, and drop the same units of the encoder at every step
(the stream is set anew at each step, and the encoder draws first). Their fusion modules' initial
values come from a stream of their own. What follows a module that drops itself (`add`) cannot be
paired: its head's dropout differs.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Seeds:
    """One number for each source of randomness; all are below 2^63."""

    data: int
    head: int
    fusion: int
    dropout: int


def derive(seed: int, purpose: str) -> int:
    """A stream's number from a cell's seed, the same on every machine."""
    return stable_hash(f"{seed}/{purpose}") >> 1


def seeds_of(seed: int) -> Seeds:
    """All streams of a cell."""
    return Seeds(*(derive(seed, purpose) for purpose in ("data", "head", "fusion", "dropout")))


def stable_hash(text: str) -> int:
    """The first 64 bits of SHA-256."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")

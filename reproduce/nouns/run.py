"""A run: what was asked, what was planned, what failed, and in which environment."""

from __future__ import annotations

from reproduce.nouns.base import Noun
from reproduce.nouns.claim import Claim
from reproduce.nouns.design import Design
from reproduce.nouns.setting import Setting
from reproduce.nouns.verdict import Verdict


class Provenance(Noun):
    """The environment that produced numbers."""

    reproduce: str  # version of the package
    commit: str | None  # git commit of the working folder, if it is a checkout
    dirty: bool | None
    python: str
    packages: dict[str, str]
    platform: str
    processor: str
    cores: int
    memory_gib: float
    gpus: tuple[str, ...]
    threads_per_cell: int
    dtype: str = "float32"


class Failure(Noun):
    """A cell that failed, after its retries."""

    cell: str  # id
    title: str
    error: str  # one line
    traceback: str
    attempts: int


class Overlap(Noun):
    """How many examples of an evaluation stand word for word in what was trained on."""

    task: str
    trained_on: tuple[str, ...]  # languages
    language: str
    split: str
    count: int
    of: int


class PlannedClaim(Noun):
    """A claim with the file it came from and its design."""

    claim: Claim
    file: str
    text: str  # the file as it was read
    design: Design


class Run(Noun):
    """Everything about one call of `reproduce run`, but the records, which it names."""

    id: str  # UTC time and a digest: sorts by time
    started: str  # ISO 8601, UTC
    finished: str
    command: str  # what to type to do it again
    setting: Setting
    overrides: tuple[str, ...]
    claims: tuple[PlannedClaim, ...]
    model: dict[str, str | int]  # layers, hidden, vocabulary, digest, folder
    reused: int
    trained: int
    failures: tuple[Failure, ...]
    not_run: tuple[str, ...]  # cell ids, e.g. after an interruption
    verdicts: tuple[Verdict, ...]
    provenance: Provenance
    executor: str
    seconds: float
    watermark: str = ""
    overlaps: tuple[Overlap, ...] = ()  # of what was read from files; see `Overlap`

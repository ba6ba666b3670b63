"""What a report shows, as frozen values; templates only lay them out."""

from __future__ import annotations

from reproduce.nouns.base import Noun
from reproduce.nouns.claim import Claim
from reproduce.nouns.evidence import Evidence, Outcome
from reproduce.nouns.run import Failure, Provenance
from reproduce.nouns.verdict import Estimate, Probability, Verdict


class Badge(Noun):
    """How an outcome looks: its word, its symbol and the name of its colour."""

    word: str
    symbol: str
    colour: str


class Count(Noun):
    """How many claims have one outcome."""

    outcome: Outcome
    badge: Badge
    count: int


class Level(Noun):
    """An evidence level in words."""

    evidence: Evidence
    word: str
    meaning: str


class Reproduced(Noun):
    """The plain column: yes, no, undecided or a dash, and what that rests on."""

    answer: str
    level: str


class Fact(Noun):
    """One line of a list of definitions."""

    label: str
    value: str


class Column(Noun):
    """One language of a score table."""

    code: str
    name: str
    family: str
    source: bool
    sentences: int  # evaluated, of the first record that has the language


class Score(Noun):
    """Mean and standard deviation over seeds, in percent or percentage points."""

    mean: float
    sd: float | None
    n: int


class SeedRow(Noun):
    """One record: scores by language, in the order of the columns."""

    unit: int
    seed: int
    scores: tuple[float | None, ...]
    targets: float | None  # mean of the target languages
    with_source: float | None  # mean of all languages


class ArmRow(Noun):
    """One arm, summarized over its seeds."""

    id: str
    title: str
    variant: str  # the title without task and layer
    layer: int | None
    role: str
    scores: tuple[Score | None, ...]
    targets: Score | None
    with_source: Score | None
    gain: Score | None  # paired difference of `targets` to the baseline
    seeds: tuple[SeedRow, ...]
    missing: int  # planned units without a record


class TaskView(Noun):
    """One task of a claim: languages across, arms down."""

    task: str
    metric: str
    checkpoint: str
    columns: tuple[Column, ...]
    arms: tuple[ArmRow, ...]


class VariantRow(Noun):
    """One fusion variant on one task, summarized over its layers."""

    task: str
    variant: str
    layers: int
    mean_gain: float
    worst_gain: float
    worst_layer: int | None
    best_gain: float  # chosen on the test languages: optimistic
    best_layer: int | None


class Frequencies(Noun):
    """How often each layer was chosen in the bootstrap, for one task."""

    task: str
    shares: tuple[float | None, ...]  # in the order of `layers` of the claim's view


class ClaimView(Noun):
    """One claim with its verdict and the numbers under it."""

    number: int  # from 1
    anchor: str
    claim: Claim
    file: str
    verdict: Verdict | None
    outcome: Outcome
    badge: Badge
    reproduced: Reproduced
    saying: str  # `Holds in simulation`, unless the reason begins with it
    reason: str
    effect: Estimate | None
    undecided: bool
    why_undecided: str  # a sentence
    settle_text: str
    probabilities: tuple[tuple[str, Probability], ...]
    amendments: tuple[Fact, ...]  # the earlier run, and what has changed since
    source: tuple[Fact, ...]
    judged: tuple[Fact, ...]
    selection: tuple[Estimate, ...]  # other ways to choose: oracle, optimistic
    sensitivity: tuple[tuple[str, Badge, str, str], ...]  # name, outcome, change, text
    layers: tuple[str, ...]  # columns of `frequencies`
    frequencies: tuple[Frequencies, ...]
    variants: tuple[VariantRow, ...]
    tasks: tuple[TaskView, ...]
    curves: tuple[TaskView, ...]  # the tasks with arms that have a layer
    unavailable: dict[str, str]
    failures: tuple[Failure, ...]
    missing: int  # planned cells without a record
    planned: int
    command: str
    provenance: tuple[Fact, ...]
    records: tuple[str, ...]


class ReportView(Noun):
    """A whole report."""

    format: int = 1
    run: str
    title: str
    started: str
    finished: str
    seconds: float
    command: str
    watermark: str
    level: Level
    levels: tuple[str, ...]  # all, from weak to strong
    main_scale: str  # of most main effects
    setting: str
    setting_title: str
    counts: tuple[Count, ...]
    contracts: tuple[Count, ...]  # descriptions of our own code, checked: counted apart
    controls: tuple[Count, ...]  # claims whose outcome is known beforehand: counted apart
    claims: tuple[ClaimView, ...]
    deviations: tuple[str, ...]
    assumptions: tuple[str, ...]
    by_construction: tuple[str, ...]
    environment: tuple[Fact, ...]
    provenance: Provenance
    overrides: tuple[str, ...]
    failures: tuple[Failure, ...]
    not_run: int
    reused: int
    trained: int

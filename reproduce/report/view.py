"""What a report shows, as frozen values; templates only lay them out."""

from __future__ import annotations

from reproduce.audit import Finding
from reproduce.nouns.base import Noun
from reproduce.nouns.claim import Claim
from reproduce.nouns.evidence import Evidence, Outcome
from reproduce.nouns.record import Check
from reproduce.nouns.run import Failure, Provenance
from reproduce.nouns.verdict import Estimate, Probability, Verdict
from reproduce.report.codeswitch_view import CodeSwitchingView


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


class Reference(Noun):
    """A paper or a document as it is cited in full; only its id where the book is not at hand."""

    id: str
    title: str = ""
    authors: str = ""
    year: str = ""
    link: str = ""  # as it is printed
    href: str = ""  # the same if it is safe to follow, else empty


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


class SpanRow(Noun):
    """One arm by both metrics of a task of tags, over its seeds; the same seeds for both."""

    title: str
    accuracy: Score | None  # mean of the target languages
    accuracy_with_source: Score | None
    spans: Score | None  # span F1 over the tags, likewise
    spans_with_source: Score | None


class ChanceRow(Noun):
    """The most frequent training label answered everywhere, in percent; as a `SeedRow`."""

    arms: tuple[str, ...]  # titles of the arms that it is chance for; empty if for all
    scores: tuple[float | None, ...]
    targets: float | None
    with_source: float | None


class TaskView(Noun):
    """One task of a claim: languages across, arms down."""

    task: str
    metric: str
    checkpoint: str
    columns: tuple[Column, ...]
    arms: tuple[ArmRow, ...]
    chance: tuple[ChanceRow, ...] = ()  # where the records measure it
    spans: tuple[SpanRow, ...] = ()  # where the records count spans of tags


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


class Point(Noun):
    """What a measure comes to at one layer, in percent."""

    layer: int
    value: float
    low: float
    high: float


class Curve(Noun):
    """One measure of a frozen encoder over its layers."""

    name: str
    control: bool  # what a probe learns without help from the encoder
    points: tuple[Point, ...]


class Head(Noun):
    """One language at the edge of a matrix."""

    code: str
    name: str
    family: str
    first: bool  # of its family


class Matrix(Noun):
    """Language by language, ordered by family."""

    title: str
    rows_are: str  # what stands at the left: `trained on`
    rows: tuple[Head, ...]
    columns: tuple[Head, ...]
    values: tuple[tuple[float | None, ...], ...]
    low: float
    high: float
    within: float | None  # mean of the cells within a family, the diagonal left out
    across: float | None
    symmetric: bool


class GateBar(Noun):
    """How a gate lies between 0 and 1 over the sub-words of one class; means over seeds."""

    mean: float
    sd: float | None  # of the means over seeds
    low: float  # first decile
    high: float  # ninth decile
    tokens: int
    seeds: int


class GateRow(Noun):
    """One class of sub-words, with a bar for each arm of the view; None where it has none."""

    name: str
    bars: tuple[GateBar | None, ...]


class GateView(Noun):
    """The gate of one task, over the target languages together."""

    task: str
    arms: tuple[str, ...]
    rows: tuple[GateRow, ...]


class Truths(Noun):
    """What is true in one variant of a setting because it was made so."""

    name: str
    title: str
    items: tuple[str, ...]


class Shown(Noun):
    """A task whose scores stand in the section of another claim."""

    task: str
    anchor: str
    claim: str  # id


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
    paper: Reference
    source: tuple[Fact, ...]
    judged: tuple[Fact, ...]
    selection: tuple[Estimate, ...]  # other ways to choose: oracle, optimistic
    sensitivity: tuple[tuple[str, Badge, str, str], ...]  # name, outcome, change, text
    layers: tuple[str, ...]  # columns of `frequencies`
    frequencies: tuple[Frequencies, ...]
    variants: tuple[VariantRow, ...]
    checks: tuple[Check, ...]
    probes: tuple[Curve, ...]
    matrices: tuple[Matrix, ...]
    gates: tuple[GateView, ...]
    tasks: tuple[TaskView, ...]
    curves: tuple[TaskView, ...]  # the tasks with arms that fuse a layer
    elsewhere: tuple[Shown, ...]  # further tasks, which an earlier claim shows
    by_construction: tuple[Truths, ...]
    unavailable: dict[str, str]
    failures: tuple[Failure, ...]
    missing: int  # planned cells without a record
    planned: int
    command: str
    provenance: tuple[Fact, ...]
    records: tuple[str, ...]


class Dot(Noun):
    """One claim in one night."""

    badge: Badge
    when: str
    estimate: Estimate | None
    environment: str
    flip: bool
    drift: bool
    changed_environment: bool


class TimelineRow(Noun):
    """One claim over the nights, oldest first; at most the latest thirty."""

    claim: str
    anchor: str
    dots: tuple[Dot, ...]
    flips: int  # of all nights
    drift: bool  # in the latest
    environments: int


class RowClaim(Noun):
    """A claim of the book that stands for a row of the document."""

    anchor: str
    title: str
    role: str
    badge: Badge


class RowView(Noun):
    """One row of the document that the book rests on, with what came of it."""

    row: int
    quote: str
    truncated: bool
    confidence: str
    verified: bool | None
    outcomes: tuple[Count, ...]  # of the claims that decide it
    sentence: str  # plain language, with the measured numbers
    claims: tuple[RowClaim, ...]


class QuestionView(Noun):
    """The question that a document asks, and what the run answers."""

    text: str
    sentence: str  # plain language, with the measured numbers
    claims: tuple[RowClaim, ...]


class IndexView(Noun):
    """The rows of one document."""

    document: Reference
    question: QuestionView | None
    rows: tuple[RowView, ...]
    absent: tuple[int, ...]  # rows that the book quotes and no claim of this run is about


class AuditGroup(Noun):
    """What the audit found about one paper or document."""

    subject: Reference
    findings: tuple[Finding, ...]


class AuditView(Noun):
    """The audit of the book that the claims of a run lie in."""

    counts: dict[str, int]  # by result
    groups: tuple[AuditGroup, ...]


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
    index: tuple[IndexView, ...] = ()
    claims: tuple[ClaimView, ...]
    audit: AuditView | None = None
    code_switching: CodeSwitchingView | None = None
    references: tuple[Reference, ...] = ()
    timeline: tuple[TimelineRow, ...] = ()
    nights: int = 0  # verifications that the timeline is of
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

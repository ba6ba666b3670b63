"""What the report shows of code-switching, as frozen values."""

from __future__ import annotations

from reproduce.nouns.base import Noun


class Mean(Noun):
    """A mean over seeds with its 95 % t interval, in points; no interval for one seed."""

    value: float
    low: float | None = None
    high: float | None = None
    n: int = 0


class DataArm(Noun):
    """One kind of training data: scores on real test data and parts of it, by column."""

    label: str
    group: str
    score: Mean
    over: Mean | None  # paired difference to the reference arm of its group
    parts: dict[str, Mean] = {}


class Breakdown(Noun):
    """Scores of words of one kind, one for each arm."""

    name: str
    words: int
    scores: tuple[float | None, ...]


class CurvePoint(Noun):
    """Scores with so many real sentences, without and with synthetic ones, and their worth."""

    amount: int
    plain: Mean
    added: Mean
    worth: Mean
    bounded: bool


class MetricRow(Noun):
    """One metric of switching of several corpora, in the order of `PairView.corpora`."""

    name: str
    values: tuple[float | None, ...]


class ExampleWord(Noun):
    """A word with its tag; `side` is first, second or neither."""

    form: str
    tag: str
    side: str


class Examples(Noun):
    """The first sentences of an arm's training data."""

    label: str
    sentences: tuple[tuple[ExampleWord, ...], ...]


class PairView(Noun):
    """One pair of languages on one task.

    Attributes:
        answer: the research question, answered in sentences made of measured numbers alone.
        corpora: names of the corpora whose switching is compared, the real one first.
        missing: why something is not shown.
    """

    pair: str
    note: str
    task: str
    metric: str
    answer: tuple[str, ...]
    arms: tuple[DataArm, ...]
    columns: tuple[str, ...]
    breakdown_arms: tuple[str, ...]
    breakdowns: tuple[Breakdown, ...]
    synthetic: int
    curve: tuple[CurvePoint, ...]
    corpora: tuple[str, ...]
    metrics: tuple[MetricRow, ...]
    examples: tuple[Examples, ...]
    missing: tuple[str, ...] = ()


class CodeSwitchingView(Noun):
    """The page on code-switching."""

    question: str
    pairs: tuple[PairView, ...]

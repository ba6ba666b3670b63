"""The page on code-switching: zero-shot, synthetic and real data compared as measured."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from reproduce.codeswitch.metrics import is_neutral
from reproduce.codeswitch.profile import Profile, profile
from reproduce.data.language_ids import after_switch, pair_codes
from reproduce.errors import UserError
from reproduce.experiments.code_switch import CodeSwitch
from reproduce.nouns.cell import DataSlice, FineTune, Whereabouts, cell_id
from reproduce.nouns.record import Record
from reproduce.nouns.run import Run
from reproduce.nouns.sentence import Sentence
from reproduce.nouns.source import SOURCES
from reproduce.report.codeswitch_view import (
    Breakdown,
    CodeSwitchingView,
    CurvePoint,
    DataArm,
    Examples,
    ExampleWord,
    Mean,
    MetricRow,
    PairView,
)
from reproduce.report.text import interval, number, signed
from reproduce.statistics.exchange import worth
from reproduce.statistics.scores import score, segment_sums
from reproduce.tasks import TASKS

QUESTION = (
    "How does zero-shot transfer to code-switched text compare with models fine-tuned on synthetic"
    " code-switched data, and on real data?"
)
_EXAMPLES = 10
_CURVE = re.compile(r"real-(\d+)(\+synthetic)?")
_GROUPS = {
    "labelled": "fine-tuned on",
    "unlabelled": "pretraining continued on, then fine-tuned on real data",
}
_SHORT = {"source": "zero-shot transfer scores", "monolingual": "monolingual data",
          "synthetic-ec": "synthetic data", "real": "real data"}  # fmt: skip
_REFERENCE = {"labelled": "source", "unlabelled": "nothing"}
_METRICS = ("sentences", "switches", "spf", "cmi_mixed", "m_index", "i_index", "language_entropy",
            "span_entropy", "burstiness", "memory")  # fmt: skip

Scores = dict[int, dict[str, float]]
"""Unit -> test set (`ava--kyr@switch`) -> score in percent."""


@dataclass
class _Collected:
    """All that was run on one pair and task."""

    experiment: CodeSwitch
    cells: dict[tuple[str, str], FineTune] = field(default_factory=dict)  # (group, arm) -> a cell
    records: dict[tuple[str, str], dict[int, Record]] = field(default_factory=dict)


def code_switching_view(run: Run, records: Mapping[str, Record]) -> CodeSwitchingView | None:
    """The page of a run, or None if no claim of it is about code-switching."""
    collected = _collect(run, records)
    pairs = tuple(_pair_view(found, run) for found in collected.values() if found.records)
    return CodeSwitchingView(question=QUESTION, pairs=pairs) if pairs else None


def _collect(run: Run, records: Mapping[str, Record]) -> dict[tuple[str, str], _Collected]:
    found: dict[tuple[str, str], _Collected] = {}
    for planned in run.claims:
        experiment = planned.claim.experiment
        if not isinstance(experiment, CodeSwitch):
            continue
        own = found.setdefault((experiment.pair, experiment.task), _Collected(experiment))
        if experiment.group == "curve":
            own.experiment = experiment
        for trial in planned.design.trials:
            record = records.get(cell_id(trial.cell))
            if record is None or not isinstance(trial.cell, FineTune):
                continue
            key = (experiment.group, trial.arm.label)
            own.cells.setdefault(key, trial.cell)
            own.records.setdefault(key, {})[trial.unit] = record
    return found


def _pair_view(found: _Collected, run: Run) -> PairView:
    pair, task = found.experiment.pair, found.experiment.task
    mixing = run.setting.code_switching
    scores = {key: _scores(by_unit) for key, by_unit in found.records.items()}
    columns = [c for c in _columns(scores) if c != pair]
    arms = tuple(_arms(scores, pair, columns))
    missing: list[str] = []
    try:
        loaded = _training_data(found, run)
        test = _test_data(found, run)
    except UserError as error:
        missing.append(f"profiles, examples and words by kind: {error.message}")
        loaded, test = {}, []
    curve = tuple(_curve(scores, pair, found.experiment.synthetic))
    labels, breakdowns = _breakdowns(found, test)
    return PairView(
        pair=pair,
        note=mixing.pairs.get(pair, "") if mixing else "",
        task=task,
        metric=next(iter(next(iter(found.records.values())).values())).content.metric,
        answer=tuple(_answer(scores, arms, curve, found.experiment)),
        arms=arms,
        columns=tuple(c.partition("@")[2] for c in columns),
        breakdown_arms=labels,
        breakdowns=breakdowns,
        synthetic=found.experiment.synthetic,
        curve=curve,
        corpora=tuple(loaded),
        metrics=tuple(_metrics(loaded)),
        examples=tuple(_examples(name, some, pair) for name, some in loaded.items()),
        missing=tuple(missing),
    )


# Scores


def _scores(by_unit: Mapping[int, Record]) -> Scores:
    return {unit: _test_scores(record) for unit, record in sorted(by_unit.items())}


def _test_scores(record: Record) -> dict[str, float]:
    segments = [s for s in record.content.segments if s.split == "test"]
    starts, stops = [s.start for s in segments], [s.stop for s in segments]
    values = score(record.content.metric, segment_sums(record.statistics, starts, stops))
    pairs = zip(segments, values, strict=True)
    return {s.language: float(v) for s, v in pairs if np.isfinite(v)}


def _columns(scores: Mapping[tuple[str, str], Scores]) -> list[str]:
    order = ("switch", "inside", "roman", "native")
    every = {name for units in scores.values() for tests in units.values() for name in tests}
    return sorted(every, key=lambda n: (_place(order, n.partition("@")[2]), n))


def _place(order: Sequence[str], name: str) -> int:
    return order.index(name) if name in order else len(order)


def _mean(values: Sequence[float]) -> Mean:
    from reproduce.statistics.paired import quantile, summarise

    found = summarise(values)
    if not found.testable:
        return Mean(value=found.mean, n=found.n)
    half = quantile(found.df, 0.975) * found.se
    return Mean(value=found.mean, low=found.mean - half, high=found.mean + half, n=found.n)


def _paired(one: Scores, other: Scores, test: str) -> Mean | None:
    units = [u for u in one if u in other and test in one[u] and test in other[u]]
    return _mean([one[u][test] - other[u][test] for u in units]) if units else None


def _arms(
    scores: Mapping[tuple[str, str], Scores], pair: str, columns: Sequence[str]
) -> Iterator[DataArm]:
    for (group, label), units in scores.items():
        if group not in _GROUPS:
            continue
        reference = scores.get((group, _REFERENCE[group]))
        parts = {
            c.partition("@")[2]: _mean([tests[c] for tests in units.values() if c in tests])
            for c in columns
            if any(c in tests for tests in units.values())
        }
        yield DataArm(
            label=label,
            group=_GROUPS[group],
            score=_mean([tests[pair] for tests in units.values()]),
            over=_paired(units, reference, pair) if reference and units != reference else None,
            parts=parts,
        )


def _curve(
    scores: Mapping[tuple[str, str], Scores], pair: str, synthetic: int
) -> Iterator[CurvePoint]:
    found: dict[tuple[int, bool], Scores] = {}
    for (group, label), units in scores.items():
        match = _CURVE.fullmatch(label)
        if group == "curve" and match:
            found[int(match[1]), bool(match[2])] = units
    amounts = sorted(n for n, added in found if not added and (n, True) in found)
    shared = sorted(set.intersection(*(set(units) for units in found.values()))) if found else []
    if len(amounts) < 2 or not shared:
        return
    plain, added = (
        np.array([[found[n, with_][u][pair] for n in amounts] for u in shared])
        for with_ in (False, True)
    )
    scale = 1000 / synthetic
    for i, amount in enumerate(amounts):
        rate = worth(np.array(amounts, dtype=float), plain, added, at=i)
        yield CurvePoint(
            amount=amount,
            plain=_mean(list(plain[:, i])),
            added=_mean(list(added[:, i])),
            worth=Mean(
                value=scale * rate.value, low=scale * rate.low, high=scale * rate.high,
                n=len(shared),
            ),
            bounded=rate.bounded,
        )  # fmt: skip


# The answer


def _answer(
    scores: Mapping[tuple[str, str], Scores],
    arms: Sequence[DataArm],
    curve: Sequence[CurvePoint],
    experiment: CodeSwitch,
) -> Iterator[str]:
    by_label = {a.label: a for a in arms if a.group == _GROUPS["labelled"]}
    steps = (
        ("source", "Zero-shot transfer from the source language"),
        ("monolingual", "monolingual data of both languages"),
        ("synthetic-ec", "synthetic data by the equivalence constraint"),
        ("real", "real data"),
    )
    parts = [f"{text} scores {_shown(by_label[n].score)}" for n, text in steps if n in by_label]
    if parts:
        yield "; ".join(parts) + "."
    for better, worse in (("real", "synthetic-ec"), ("synthetic-ec", "source")):
        one, other = scores.get(("labelled", better)), scores.get(("labelled", worse))
        lead = _paired(one, other, experiment.pair) if one and other else None
        if lead is not None:
            yield f"{_name(better)} {_verb(lead)} {_name(worse, small=True)} by {_points(lead)}."
    real = by_label.get("real"), by_label.get("source")
    if all(a is not None and {"switch", "inside"} <= a.parts.keys() for a in real):
        one, other = scores["labelled", "real"], scores["labelled", "source"]
        at = [_paired(one, other, f"{experiment.pair}@{p}") for p in ("switch", "inside")]
        if at[0] and at[1]:
            yield (
                f"Real data gain {_points(at[0])} over zero-shot transfer on words at a switch,"
                f" and {_points(at[1])} on all other words."
            )
    if curve:
        first = curve[0]
        least = "" if first.bounded else "at least "
        yield (
            f"Where there are no real sentences, 1,000 synthetic ones are worth {least}"
            f"{number(first.worth.value, 0)} real ones"
            f" (95 % interval {interval(first.worth.low, first.worth.high, 0)})."
        )


def answer_of(view: CodeSwitchingView | None) -> str:
    """The question answered in one sentence of measured numbers; empty if nothing answers it.

    For each pair on the first task that has zero-shot transfer beside other data.
    """
    said: dict[str, str] = {}
    for pair in view.pairs if view else ():
        arms = {arm.label: arm.score for arm in pair.arms if arm.group == _GROUPS["labelled"]}
        parts = [f"{text} {_shown(arms[name])}" for name, text in _SHORT.items() if name in arms]
        if "source" in arms and len(parts) > 1:
            said.setdefault(pair.pair, f"on {pair.pair} ({pair.task}) {', '.join(parts)}")
    if not said:
        return ""
    whole = "; ".join(said.values())
    return f"{whole[0].upper()}{whole[1:]}: mean scores on real code-switched sentences."


def _shown(mean: Mean) -> str:
    bounds = f" ({number(mean.low)} to {number(mean.high)})" if mean.low is not None else ""
    return f"{number(mean.value)}{bounds}"


def _points(mean: Mean) -> str:
    bounds = f" {interval(mean.low, mean.high)}" if mean.low is not None else ""
    return f"{signed(mean.value)} points{bounds}"


def _verb(lead: Mean) -> str:
    if lead.low is None or lead.high is None or lead.low <= 0 <= lead.high:
        return "are not clearly apart from"
    return "beat" if lead.low > 0 else "fall behind"


def _name(label: str, *, small: bool = False) -> str:
    names = {"real": "Real data", "synthetic-ec": "Synthetic data",
             "source": "Zero-shot transfer"}  # fmt: skip
    found = names[label]
    return found[0].lower() + found[1:] if small else found


# Data


def _training_data(found: _Collected, run: Run) -> dict[str, list[Sentence]]:
    """The sentences of each kind of data, the real ones first, as far as arms of one kind go."""
    slices: dict[str, DataSlice] = {}
    for (group, label), cell in found.cells.items():
        if group == "labelled" and len(cell.train) == 1:
            slices[label] = cell.train[0]
    names = sorted(slices, key=lambda name: (name != "real", list(slices).index(name)))
    return {name: _load(slices[name], run) for name in names}


def _test_data(found: _Collected, run: Run) -> list[Sentence]:
    cell = next(iter(found.cells.values()))
    whole = [p for p in cell.evaluate if p.language == found.experiment.pair and not p.part]
    return _load(whole[0], run) if whole else []


def _load(piece: DataSlice, run: Run) -> list[Sentence]:
    mixing = run.setting.code_switching
    choice = mixing.tasks[piece.task].data if mixing and piece.task in mixing.tasks else None
    key = f"{piece.source}/{piece.name}"
    where = Whereabouts(
        checkpoints={},
        corpora={key: choice.folder} if choice else {},
        options={key: choice.options} if choice else {},
    )
    loaded = SOURCES.get(piece.source).load(piece, where)
    return [s for s in loaded if isinstance(s, Sentence)]


def _metrics(loaded: Mapping[str, list[Sentence]]) -> Iterator[MetricRow]:
    profiles: list[Profile | None] = []
    for sentences in loaded.values():
        try:
            profiles.append(profile([s.languages or () for s in sentences]))
        except UserError:
            profiles.append(None)  # monolingual data switch nowhere
    for name in _METRICS if any(profiles) else ():
        yield MetricRow(
            name=name.replace("_", " "),
            values=tuple(None if p is None else getattr(p, name) for p in profiles),
        )


def _examples(label: str, sentences: Sequence[Sentence], pair: str) -> Examples:
    return Examples(label=label, sentences=tuple(_words(s, pair) for s in sentences[:_EXAMPLES]))


def _words(sentence: Sentence, pair: str) -> tuple[ExampleWord, ...]:
    first, second = pair_codes(pair) or ("", "")
    sides = {first: "first", "lang1": "first", second: "second", "lang2": "second"}
    ids = sentence.languages or ("",) * len(sentence.words)
    tags = sentence.tags or ("",) * len(sentence.words)
    return tuple(
        ExampleWord(form=form, tag=tag, side=sides.get(identity, "neither"))
        for form, tag, identity in zip(sentence.words, tags, ids, strict=True)
    )


# Words by kind


def _breakdowns(
    found: _Collected, test: Sequence[Sentence]
) -> tuple[tuple[str, ...], tuple[Breakdown, ...]]:
    """Accuracy by language of word, and by distance to the nearest switch, for labelled arms."""
    task = TASKS.get(found.experiment.task)
    keys = [key for key in found.records if key[0] == "labelled"]
    if not test or task.metric != "accuracy" or not keys:
        return (), ()
    gold = np.array([task.labels.index(g) for s in test for g in getattr(s, task.field)])
    right = [_right(found.records[key], found.experiment.pair, gold) for key in keys]
    kinds = (
        *(("language " + name, mask) for name, mask in _by_language(test)),
        *((name, mask) for name, mask in _by_distance(test)),
    )
    rows = tuple(
        Breakdown(
            name=name,
            words=int(mask.sum()),
            scores=tuple(None if r is None else float(100 * r[mask].mean()) for r in right),
        )
        for name, mask in kinds
        if mask.any()
    )
    return tuple(label for _, label in keys), rows


def _right(
    by_unit: Mapping[int, Record], pair: str, gold: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64] | None:
    """For each test word the share of seeds that have it right."""
    columns = []
    for record in by_unit.values():
        whole = next(s for s in record.content.segments if s.language == pair)
        start, stop = record.offsets[whole.start], record.offsets[whole.stop]
        predicted = record.predictions[start:stop]
        if len(predicted) != len(gold):
            return None
        columns.append(predicted == gold)
    return np.asarray(np.mean(columns, axis=0))


Masks = Iterator[tuple[str, npt.NDArray[np.bool_]]]


def _by_language(test: Sequence[Sentence]) -> Masks:
    ids = np.array([identity for s in test for identity in s.languages or ()])
    for name in sorted(set(ids.tolist()), key=lambda n: (is_neutral(n), n)):
        yield name, ids == name


def _by_distance(test: Sequence[Sentence]) -> Masks:
    distances = np.array([d for s in test for d in _distances(s)])
    names = {0: "next to a switch", 1: "one word from a switch", 2: "two words from a switch"}
    for distance, name in names.items():
        yield name, distances == distance
    yield "farther from a switch", (distances > 2) & (distances < _NONE)
    yield "in a sentence without a switch", distances == _NONE


_NONE = 10_000


def _distances(sentence: Sentence) -> list[int]:
    """Words between each word and the nearest switch, 0 for both words beside it."""
    after = [i for i, yes in enumerate(after_switch(sentence.languages or ())) if yes]
    return [
        min((min(abs(i - a), abs(i - a + 1)) for a in after), default=_NONE)
        for i in range(len(sentence.words))
    ]

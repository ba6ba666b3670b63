"""The page on code-switching: zero-shot, synthetic and real data compared as measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reproduce.errors import UserError
from reproduce.experiments.code_switch import CodeSwitch
from reproduce.nouns.cell import FineTune, cell_id
from reproduce.nouns.record import Record
from reproduce.nouns.run import Run
from reproduce.report.codeswitch_answer import answer
from reproduce.report.codeswitch_data import examples, metrics, test_data, training_data
from reproduce.report.codeswitch_scores import Key, arms_of, curve_of, scores_of, tests_of
from reproduce.report.codeswitch_view import CodeSwitchingView, PairView
from reproduce.report.codeswitch_words import breakdowns
from reproduce.tasks import TASKS

QUESTION = (
    "How does zero-shot transfer to code-switched text compare with models fine-tuned on synthetic"
    " code-switched data, and on real data?"
)


@dataclass
class _Collected:
    """All that was run on one pair and task."""

    experiment: CodeSwitch
    cells: dict[Key, FineTune] = field(default_factory=dict)  # one of each arm
    records: dict[Key, dict[int, Record]] = field(default_factory=dict)


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
    scores = {key: scores_of(by_unit) for key, by_unit in found.records.items()}
    columns = [c for c in tests_of(scores) if c != pair]
    arms = tuple(arms_of(scores, pair, columns))
    missing: list[str] = []
    try:
        loaded = training_data(found.cells, run)
        test = test_data(found.cells, pair, run)
    except UserError as error:
        missing.append(f"profiles, examples and words by kind: {error.message}")
        loaded, test = {}, []
    curve = tuple(curve_of(scores, pair, found.experiment.synthetic))
    labelled = {label: r for (group, label), r in found.records.items() if group == "labelled"}
    rows = breakdowns(tuple(labelled.values()), pair, TASKS.get(task), test)
    return PairView(
        pair=pair,
        note=mixing.pairs.get(pair, "") if mixing else "",
        task=task,
        metric=next(iter(next(iter(found.records.values())).values())).content.metric,
        answer=tuple(answer(scores, arms, curve, pair)),
        arms=arms,
        columns=tuple(c.partition("@")[2] for c in columns),
        breakdown_arms=tuple(labelled) if rows else (),
        breakdowns=rows,
        synthetic=found.experiment.synthetic,
        curve=curve,
        corpora=tuple(loaded),
        metrics=tuple(metrics(loaded)),
        examples=tuple(examples(name, some, pair) for name, some in loaded.items()),
        missing=tuple(missing),
    )

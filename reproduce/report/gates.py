"""How the gate of a fusion module is distributed, by task, arm and class of sub-word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from statistics import fmean, stdev

from reproduce.nouns.design import Arm, Design, arm_id, arm_title
from reproduce.nouns.record import GATE_NUMBERS
from reproduce.report.tables import ScoreTable
from reproduce.report.view import GateBar, GateRow, GateView

_MOST_CLASSES = 8
_WHOLE = "all"


def gate_views(design: Design, table: ScoreTable) -> tuple[GateView, ...]:
    """A view for each task with gates, over the design's target languages."""
    seen: dict[str, dict[str, tuple[Arm, dict[str, list[GateBar]]]]] = {}
    for trial in design.trials:
        found = table.find(trial)
        if found is None:
            continue
        languages = design.targets_of.get(trial.arm.task, design.targets)
        classes = _classes(found.record.content.measures, languages)
        arms = seen.setdefault(trial.arm.task, {})
        for name, bar in classes.items():
            of_arm = arms.setdefault(arm_id(trial.arm), (trial.arm, {}))[1]
            of_arm.setdefault(name, []).append(bar)
    return tuple(_view(task, list(arms.values())) for task, arms in seen.items() if arms)


def _classes(
    measures: Mapping[str, tuple[float, ...]], languages: Iterable[str]
) -> dict[str, GateBar]:
    """One seed's bar by class: means over the languages, which count alike."""
    wanted = set(languages)
    found: dict[str, list[dict[str, float]]] = {}
    for name, numbers in measures.items():
        kind, _, rest = name.partition("/")
        language, _, of = rest.partition("/")
        if kind == "gate" and language in wanted and len(numbers) == len(GATE_NUMBERS):
            found.setdefault(of, []).append(dict(zip(GATE_NUMBERS, numbers, strict=True)))
    return {
        name: GateBar(
            mean=fmean(n["mean"] for n in several),
            sd=None,
            low=fmean(n["decile 1"] for n in several),
            high=fmean(n["decile 9"] for n in several),
            tokens=int(sum(n["tokens"] for n in several)),
            seeds=1,
        )
        for name, several in found.items()
    }


def _view(task: str, arms: list[tuple[Arm, dict[str, list[GateBar]]]]) -> GateView:
    tokens: dict[str, int] = {}
    for _, classes in arms:
        for name, bars in classes.items():
            tokens[name] = max(tokens.get(name, 0), bars[0].tokens)
    # All together first, then the largest classes.
    names = sorted(tokens, key=lambda name: (name != _WHOLE, -tokens[name], name))[:_MOST_CLASSES]
    return GateView(
        task=task,
        arms=tuple(arm_title(arm).removeprefix(f"{task} ") for arm, _ in arms),
        rows=tuple(
            GateRow(name=name, bars=tuple(_over_seeds(classes.get(name)) for _, classes in arms))
            for name in names
        ),
    )


def _over_seeds(bars: list[GateBar] | None) -> GateBar | None:
    if not bars:
        return None
    means = [bar.mean for bar in bars]
    return GateBar(
        mean=fmean(means),
        sd=stdev(means) if len(means) > 1 else None,
        low=fmean(bar.low for bar in bars),
        high=fmean(bar.high for bar in bars),
        tokens=bars[0].tokens,
        seeds=len(bars),
    )

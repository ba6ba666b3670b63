"""Chance: comparisons of arms that score no better than the most frequent label everywhere."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reproduce.judge.observations import Floats, Observations
from reproduce.judge.quantity import Quantity, by_unit
from reproduce.nouns.cell import FineTune
from reproduce.nouns.design import fusion_title
from reproduce.nouns.record import CHANCE, Record
from reproduce.statistics.scores import score

LEVEL = 0.05  # of the one-sided test that an arm is above chance


def nothing_learned(observations: Observations, quantities: Sequence[Quantity]) -> tuple[str, ...]:
    """A sentence for each quantity of which no arm is shown to score above chance, else "".

    What such arms differ by says nothing of what they were to learn. Arms that were to learn
    nothing (shuffled labels) and records without a measure of chance are passed over.
    """
    return tuple(_sentence(observations, quantity) for quantity in quantities)


def chance_by_language(record: Record, languages: Sequence[str]) -> tuple[float | None, ...]:
    """What chance scores on the test sets, in percent; None where there is no measure of it."""
    found = (record.content.measures.get(f"{CHANCE}/{language}/test") for language in languages)
    return tuple(None if s is None else float(score(record.content.metric, s)) for s in found)


def _sentence(observations: Observations, quantity: Quantity) -> str:
    arms: dict[str, float] = {}
    chance: list[float] = []
    for term in quantity.terms:
        records = [term.task.records[arm][unit] for unit, arm in enumerate(term.arms)]
        least = _chance_score(records[0], term.languages) if records else None
        if least is None or not all(_taught(record) for record in records):
            return ""
        found = by_unit(observations, [term._replace(weight=1.0)])
        if _is_above(found, least):
            return ""
        arms[fusion_title([term.task.arms[arm] for arm in term.arms])] = float(found.mean())
        chance.append(least)
    if not arms:
        return ""
    each = ", ".join(f"{name} {value:.1f}%" for name, value in arms.items())
    return (
        f"None of these arms is shown to have learned {quantity.task}, so what they differ by says "
        f"little: {each}; the most frequent label of the training data, answered everywhere, "
        f"scores {max(chance):.1f}%."
    )


def _is_above(scores: Floats, least: float) -> bool:
    from reproduce.statistics.paired import p_above, summarise

    summary = summarise(scores - least)
    # Without variance over units there is no test: what is above is above.
    return p_above(summary, 0.0) < LEVEL if summary.testable else summary.mean > 0


def _chance_score(record: Record, languages: Sequence[str]) -> float | None:
    """Mean over languages; None where one of them has no measure of chance."""
    scores = [value for value in chance_by_language(record, languages) if value is not None]
    return float(np.mean(scores)) if scores and len(scores) == len(languages) else None


def _taught(record: Record) -> bool:
    cell = record.content.cell
    return isinstance(cell, FineTune) and cell.labels != "shuffled"

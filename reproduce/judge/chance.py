"""Chance: arms that score no better than the most frequent label answered everywhere."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reproduce.judge.observations import Observations
from reproduce.judge.quantity import Quantity, Term
from reproduce.nouns.cell import FineTune
from reproduce.nouns.design import arm_title
from reproduce.nouns.record import CHANCE, Record
from reproduce.statistics.scores import score

LEVEL = 0.05  # of the one-sided test that an arm is above chance


def chance_notes(observations: Observations, quantities: Sequence[Quantity]) -> tuple[str, ...]:
    """One note for each arm that is not shown to score above chance in its languages.

    A difference between such arms says nothing of what they were to learn. Arms that were to learn
    nothing (shuffled labels) and records without a measure of chance are passed over.
    """
    terms = [term for quantity in quantities for term in quantity.terms]
    return tuple(dict.fromkeys(note for term in terms if (note := _note(observations, term))))


def _note(observations: Observations, term: Term) -> str:
    from reproduce.statistics.paired import p_above, summarise

    records = [term.task.records[arm][unit] for unit, arm in enumerate(term.arms)]
    least = _chance_score(records[0], term.languages) if records else None
    if least is None or not all(_taught(record) for record in records):
        return ""
    scores = term.task.scores(term.languages, "test", observations.checkpoint)
    found = scores[term.arms, range(len(term.arms))]
    summary = summarise(found - least)
    # Without variance over units there is no test: what is above is above.
    if p_above(summary, 0.0) < LEVEL if summary.testable else summary.mean > 0:
        return ""
    languages = ", ".join(term.languages)
    return (
        f"{arm_title(term.task.arms[term.arms[0]])} is not shown to have learned its task: it "
        f"scores {found.mean():.1f}% in {languages}, where the most frequent label of the training "
        f"data answered everywhere scores {least:.1f}%"
    )


def chance_by_language(record: Record, languages: Sequence[str]) -> tuple[float | None, ...]:
    """What chance scores on the test sets, in percent; None where there is no measure of it."""
    found = (record.content.measures.get(f"{CHANCE}/{language}/test") for language in languages)
    return tuple(sums and float(score(record.content.metric, sums)) for sums in found)


def _chance_score(record: Record, languages: Sequence[str]) -> float | None:
    """Mean over languages; None where one of them has no measure of chance."""
    scores = [value for value in chance_by_language(record, languages) if value is not None]
    return float(np.mean(scores)) if scores and len(scores) == len(languages) else None


def _taught(record: Record) -> bool:
    cell = record.content.cell
    return isinstance(cell, FineTune) and cell.labels != "shuffled"

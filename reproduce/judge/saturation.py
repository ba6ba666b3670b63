"""Saturation: scores at the ends of the scale, with intervals that stay sensible there."""

from __future__ import annotations

from collections.abc import Sequence

from reproduce.judge.observations import Observations, Slice
from reproduce.judge.quantity import Quantity
from reproduce.nouns.design import arm_title

_COUNTED = "accuracy"  # the share of right answers is a proportion, a span F1 is not


def saturation_notes(observations: Observations, quantities: Sequence[Quantity]) -> tuple[str, ...]:
    """One note for each arm and language that scores 0 or 100 % in every unit."""
    from reproduce.statistics.proportion import wilson

    notes = []
    for term in (term for quantity in quantities for term in quantity.terms):
        if term.task.metric != _COUNTED:
            continue
        for language in term.languages:
            at = term.task.slices.index(Slice(observations.checkpoint, language, "test"))
            units = range(len(term.arms))
            right, total = term.task.sums[term.arms, units, at].sum(axis=0)[:2]
            if total and right in (0, total):
                bounds = wilson(float(right), float(total))
                notes.append(
                    f"{arm_title(term.task.arms[term.arms[0]])} scores {100 * right // total}% in "
                    f"{language} in every unit (Wilson 95% interval {bounds.low:.2f} to "
                    f"{bounds.high:.2f}, were its {total} answers independent)"
                )
    return tuple(dict.fromkeys(notes))

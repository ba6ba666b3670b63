"""Quantities: weighted sums of arms' scores, with the inference that a claim asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from reproduce.judge.observations import Observations, TaskScores
from reproduce.judge.unjudgeable import Unjudgeable
from reproduce.nouns.claim import Claim
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.pair import pair_codes
from reproduce.statistics.crossed import crossed
from reproduce.statistics.dyadic import dyadic_summary
from reproduce.statistics.paired import Summary, summarise

Floats = npt.NDArray[np.float64]

SEEDED = ("seed", "pretraining")  # units that are trained, not sampled from the test data
LANGUAGES = ("language", "language-pair")


class Term(NamedTuple):
    """Mean score over languages, times a weight, of an arm that may differ from unit to unit."""

    weight: float
    task: TaskScores
    arms: tuple[int, ...]  # by unit of the task
    languages: tuple[str, ...]


def fixed(weight: float, task: TaskScores, arm: int, languages: tuple[str, ...]) -> Term:
    """A term with the same arm in all units."""
    return Term(weight, task, (arm,) * len(task.units), languages)


@dataclass(frozen=True, eq=False)
class Sample:
    """A quantity unit by unit.

    Attributes:
        values: one a unit of the claim, in points.
        summary: its mean with the standard error that the claim's target of inference calls for.
        matrix: units by meanings, each row with the mean of its unit; None where not needed.
    """

    values: Floats
    summary: Summary
    matrix: Floats | None = None


@dataclass(frozen=True, eq=False)
class OtherSelection:
    """What another way of choosing the layer would have shown."""

    name: str
    title: str
    sample: Sample


@dataclass(frozen=True, eq=False)
class Quantity:
    """What a claim is judged by on one task.

    Attributes:
        task: its name.
        title: what is measured, as the name of an estimate.
        subject: the beginning of a sentence that ends in the number.
        sample: the values.
        terms: what it is made of.
        selection: values under other selection rules; empty where nothing was selected.
        notes: how the layer was chosen.
        scale: unit of the values.
    """

    task: str
    title: str
    subject: str
    sample: Sample
    terms: tuple[Term, ...] = ()
    selection: tuple[OtherSelection, ...] = ()
    notes: tuple[str, ...] = ()
    scale: str = "points"

    @property
    def summary(self) -> Summary:
        """Mean and standard error."""
        return self.sample.summary


def measure(claim: Claim, observations: Observations, terms: Sequence[Term]) -> Sample:
    """The sum of the terms over the claim's unit, with its target of inference.

    Raises:
        Unjudgeable: no unit has all terms, or the unit does not fit the terms.
    """
    if claim.unit in LANGUAGES:
        if claim.inference == "new-sentences":
            raise Unjudgeable(
                Outcome.ERROR, "new-sentences crosses sentences with seeds, not with languages"
            )
        return _over_languages(claim, observations, terms)
    values = by_unit(observations, terms)
    if claim.unit == "sentence":
        means = by_meaning(observations, terms).mean(axis=0)
        return Sample(means, summarise(means))
    if claim.inference == "new-sentences":
        matrix = by_meaning(observations, terms)
        if matrix.shape[1] < 2:
            raise Unjudgeable(
                Outcome.INCONCLUSIVE, "one test sentence says nothing about new sentences"
            )
        if len(matrix) >= 2:
            return Sample(values, crossed(matrix).summary, matrix)
    return Sample(values, summarise(values))


def _over_languages(claim: Claim, observations: Observations, terms: Sequence[Term]) -> Sample:
    """Languages drawn from many; trained seeds, which all languages share, are drawn too."""
    values = by_language(observations, terms)
    if claim.unit == "language-pair":
        pairs = [pair_of(language) for language in terms[0].languages]
        return Sample(values, dyadic_summary(values, pairs))
    matrix = unit_by_language(observations, terms).T
    if min(matrix.shape) >= 2:
        return Sample(values, crossed(matrix).summary)
    return Sample(values, summarise(values))


def pair_of(language: str) -> tuple[str, str]:
    """The two languages of a pair, written `en--de`.

    Raises:
        Unjudgeable: not a pair.
    """
    codes = pair_codes(language)
    if codes is None:
        raise Unjudgeable(Outcome.ERROR, f"{language!r} is no pair of languages like 'en--de'")
    return codes


def by_unit(observations: Observations, terms: Sequence[Term]) -> Floats:
    """The sum of the terms in every unit that has all of them, [units]."""
    units = _common_units(terms)
    total = np.zeros(len(units))
    for term in terms:
        scores = term.task.scores(
            term.languages, "test", observations.checkpoint, average=observations.average
        )
        at = [term.task.units.index(u) for u in units]
        total += term.weight * scores[[term.arms[i] for i in at], at]
    return total


def by_language(observations: Observations, terms: Sequence[Term]) -> Floats:
    """The sum of the terms in every language, averaged over units, [languages].

    Raises:
        Unjudgeable: the terms are about different languages.
    """
    if len({term.languages for term in terms}) != 1:
        raise Unjudgeable(
            Outcome.ERROR, "what is compared covers different languages: they cannot be the unit"
        )
    return np.asarray(unit_by_language(observations, terms).mean(axis=0))


def unit_by_language(observations: Observations, terms: Sequence[Term]) -> Floats:
    """The sum of the terms, [units, languages]; all terms have the same languages."""
    units = _common_units(terms)
    total = np.zeros((len(units), len(terms[0].languages)))
    for term in terms:
        scores = term.task.by_language(term.languages, "test", observations.checkpoint)
        at = [term.task.units.index(u) for u in units]
        total += term.weight * scores[[term.arms[i] for i in at], at]
    return total


def by_meaning(observations: Observations, terms: Sequence[Term]) -> Floats:
    """The sum of the terms, linearised, [units, meanings]; a row's mean is its unit's value.

    Parallel sentences share a meaning and vary together, so they are one column.
    """
    units = _common_units(terms)
    parts = []
    for term in terms:
        part = term.task.take(units).contributions(
            [term.arms[term.task.units.index(u)] for u in units],
            term.languages,
            "test",
            observations.checkpoint,
            average=observations.average,
        )
        parts.append((term.weight, part))
    meanings = np.unique(np.concatenate([part.meanings for _, part in parts]))
    total = np.zeros((len(units), len(meanings)))
    for weight, part in parts:
        total[:, np.searchsorted(meanings, part.meanings)] += weight * part.values
    return np.asarray(by_unit(observations, terms)[:, None] + len(meanings) * total)


def _common_units(terms: Sequence[Term]) -> tuple[int, ...]:
    units = sorted(set.intersection(*(set(term.task.units) for term in terms)))
    if not units:
        names = ", ".join(dict.fromkeys(term.task.task for term in terms))
        raise Unjudgeable(Outcome.ERROR, f"no unit of {names} finished in all arms")
    return tuple(units)

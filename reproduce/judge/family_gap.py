"""Family gap: languages of one family are more alike than languages of different families."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from reproduce.judge.finding import Finding, Says, Undecided, Unjudgeable
from reproduce.judge.gain import require_units
from reproduce.judge.holds_in_languages import Share, required
from reproduce.judge.numbers import in_points, percent, plain, probability, signed
from reproduce.judge.observations import Observations, TaskScores
from reproduce.judge.outlook import Prospects, Size
from reproduce.judge.quantity import pair_of
from reproduce.judge.testing import interval_level, unavailable_note
from reproduce.nouns.claim import Claim, Points, points
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.expectation import Expectation
from reproduce.nouns.pair import is_pair, pair_name
from reproduce.nouns.verdict import Estimate

if TYPE_CHECKING:
    from reproduce.statistics.families import Gap

Floats = npt.NDArray[np.float64]

MORE_LANGUAGES = "More languages of the same families would decide it; more seeds would not."


class FamilyGap(Expectation):
    """Within families exceeds across by more than `margin` points, for `at_least` of the languages.

    For each language that has a relative, the mean over its relatives minus that over all others;
    `at_least` is how many languages, or which share of them, must show a gap above 0.
    """

    quantity: ClassVar[str] = "families"

    kind: Literal["family_gap"] = "family_gap"
    margin: Points = "5"
    at_least: Share = "80%"


class Table(NamedTuple):
    """What languages give to each other; [languages, languages], from row to column."""

    languages: tuple[str, ...]
    values: Floats


def judge(claim: Claim, observations: Observations) -> Finding:
    """Support by a permutation test over languages, if enough of them show a gap at all.

    Raises:
        Unjudgeable: the records allow no test, or no two languages share a family.
    """
    from reproduce.statistics.families import family_gap

    expect = claim.expect
    assert isinstance(expect, FamilyGap)
    tasks = list(observations.tasks.values())
    if len(tasks) != 1:
        raise Unjudgeable(Outcome.ERROR, f"{len(tasks)} measures, but a gap is of one")
    table = table_of(observations, tasks[0])
    groups = [observations.design.families.get(code, "") for code in table.languages]
    try:
        gap = family_gap(table.values, groups)
    except ValueError as error:
        raise Unjudgeable(Outcome.NOT_APPLICABLE, f"no family can be judged: {error}") from error
    margin = float(points(expect.margin))
    shown = np.isfinite(gap.each)
    positive, needed = int((gap.each[shown] > 0).sum()), required(expect.at_least, int(shown.sum()))
    complete = not observations.design.unavailable
    level = interval_level(claim, observations)
    low, high = gap.interval(level)
    main = Estimate(
        name=f"{tasks[0].task}: within families over across",
        value=gap.mean,
        low=low,
        high=high,
        level=level,
        n=int(shown.sum()),
        expected_low=margin,
    )
    return Finding(
        test="permutation of families over languages, one-sided",
        expectation=f"gap > {plain(margin)}, above 0 in {expect.at_least} of the languages",
        p_support=gap.p_above(margin) if complete and positive >= needed else 1.0,
        p_refute=gap.p_below(margin),
        units=int(shown.sum()),
        sentences=observations.sentences(),
        says=_says(gap, main, margin, positive, needed),
        undecided=lambda alpha: Undecided("too few languages", advice=MORE_LANGUAGES),
        estimates=(main, *_correlation(observations, table), *_each(table, gap)),
        notes=(*_assignments(gap), *unavailable_note(observations)),
    )


def table_of(observations: Observations, task: TaskScores) -> Table:
    """Scores between languages in percent, NaN where there is none: of transfer, or on pairs.

    Of transfer they are the means over seeds of the arms labelled by the language trained on; of a
    measure on pairs the means over layers, and the table is symmetric.

    Raises:
        Unjudgeable: nothing to compare, or something that cannot be scored.
    """
    require_units(task)
    targets = observations.targets(task)
    if any(is_pair(name) for name in targets):
        return _of_pairs(observations, task, targets)
    trained = [arm.label for arm in task.arms]
    languages = tuple(code for code in targets if code in trained)
    if len(languages) < 2:
        raise Unjudgeable(Outcome.NOT_APPLICABLE, "fewer than two languages were trained on")
    scores = task.by_language(languages, "test", observations.checkpoint).mean(axis=1)
    return Table(languages, scores[[trained.index(code) for code in languages]])


def _of_pairs(observations: Observations, task: TaskScores, pairs: tuple[str, ...]) -> Table:
    scores = task.by_language(pairs, "test", observations.checkpoint).mean(axis=(0, 1))
    found = {pair_of(pair): float(score) for pair, score in zip(pairs, scores, strict=True)}
    languages = tuple(dict.fromkeys(code for pair in found for code in pair))
    values = np.full((len(languages),) * 2, np.nan)
    for (one, other), score in found.items():
        i, j = languages.index(one), languages.index(other)
        values[i, j] = values[j, i] = score
    return Table(languages, values)


def _says(gap: Gap, main: Estimate, margin: float, positive: int, needed: int) -> Says:
    between = ""
    if main.low is not None and main.high is not None:
        between = f"{percent(main.level)} interval {signed(main.low)} to {signed(main.high)}, "
    text = (
        f"within families languages are {signed(gap.mean)} points above those across "
        f"({between}{main.n} languages with a relative), and {positive} of {main.n} show a gap "
        f"above 0 (claimed: at least {needed})"
    )
    return Says(
        supported=f"{text}: more than {in_points(margin)}",
        refuted=f"{text}: less than {in_points(margin)}",
        undecided=f"{text}: not clearly more, nor clearly less, than {in_points(margin)} "
        "in as many languages as claimed",
    )


def _each(table: Table, gap: Gap) -> tuple[Estimate, ...]:
    return tuple(
        Estimate(name=f"gap of {code}", value=float(value), n=1, expected_low=0.0)
        for code, value in zip(table.languages, gap.each, strict=True)
        if np.isfinite(value)
    )


def _correlation(observations: Observations, table: Table) -> tuple[Estimate, ...]:
    """Rank correlation of likeness with typological distance over pairs; never judged by."""
    from reproduce.statistics.families import matrix_correlation

    distances = observations.design.distances
    n = len(table.languages)
    apart = np.zeros((n, n))
    for i, one in enumerate(table.languages):
        for j, other in enumerate(table.languages):
            name, turned = pair_name(one, other), pair_name(other, one)
            apart[i, j] = distances.get(name, distances.get(turned, np.nan)) if i != j else 0.0
    if n < 4 or np.isnan(apart).any():
        return ()
    alike = (table.values + table.values.T) / 2
    np.fill_diagonal(alike, 0.0)
    if np.isnan(alike).any():
        return ()
    rho, p = matrix_correlation(alike, apart)
    if not np.isfinite(rho):
        return ()
    return (
        Estimate(
            name="correlation with typological distance",
            value=rho,
            n=n * (n - 1) // 2,
            scale="rho",
            note=f"over pairs of languages; below 0 with p = {probability(p)} by permuting them",
        ),
    )


def _assignments(gap: Gap) -> tuple[str, ...]:
    least = float((np.abs(1 - gap.shares) < 1e-9).mean())
    return (
        f"{len(gap.permuted)} assignments of families to languages were compared; "
        f"the smallest p that they allow is {probability(least)}",
    )


def prospects(claim: Claim, size: Size) -> Prospects:
    """What the number of languages allows; the effect that would be found is not known before."""
    assert isinstance(claim.expect, FamilyGap)
    margin = float(points(claim.expect.margin))
    text = (
        f"A gap beyond {in_points(margin)} is found if it is larger than under nearly all other "
        "assignments of families to languages; how many there are depends on the languages."
    )
    return Prospects(True, True, None, None, text)

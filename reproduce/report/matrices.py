"""Matrices of languages against languages, ordered by family: transfer and likeness."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

from reproduce.nouns.cell import trained_on
from reproduce.nouns.design import Design
from reproduce.nouns.pair import pair_codes
from reproduce.nouns.setting import Setting
from reproduce.report.tables import ScoreTable
from reproduce.report.view import Head, Matrix

Cells = Mapping[tuple[str, str], float]


def matrices(
    design: Design, table: ScoreTable, *, setting: Setting, checkpoint: str
) -> tuple[Matrix, ...]:
    """Transfer where a design trains on several languages; likeness where it compares pairs."""
    found = [
        _transfer(task, design, table, setting, checkpoint)
        for task in dict.fromkeys(trial.arm.task for trial in design.trials)
    ]
    found += [
        _likeness(task, design, table, setting)
        for task in dict.fromkeys(trial.arm.task for trial in design.trials)
    ]
    return tuple(matrix for matrix in found if matrix is not None)


def _transfer(
    task: str, design: Design, table: ScoreTable, setting: Setting, checkpoint: str
) -> Matrix | None:
    """From each language that is trained on alone, to each that is tested."""
    scores: dict[tuple[str, str], list[float]] = {}
    for trial in design.trials:
        sources = trained_on(trial.cell)
        found = table.find(trial)
        if trial.arm.task != task or len(sources) != 1 or found is None:
            continue
        for (rule, language), value in found.scores.items():
            if rule == checkpoint:
                scores.setdefault((sources[0], language), []).append(value)
    # A matrix says something where the language trained on varies and all else stays the same.
    variants = {trial.arm.fusion for trial in design.trials if trial.arm.task == task}
    if len({source for source, _ in scores}) < 3 or len(variants) > 1:
        return None
    cells = {pair: fmean(values) for pair, values in scores.items()}
    return _matrix(
        f"{task}: score by language trained on and tested", "trained on", cells, design, setting
    )


def _likeness(task: str, design: Design, table: ScoreTable, setting: Setting) -> Matrix | None:
    """Of each pair of languages, the mean over the layers that were measured."""
    scores: dict[tuple[str, str], list[float]] = {}
    layers = set()
    for trial in design.trials:
        found = table.find(trial)
        if trial.arm.task != task or found is None:
            continue
        for (_, language), value in found.scores.items():
            if pair := pair_codes(language):
                layers.add(trial.arm.fusion.layer)
                one, other = pair
                scores.setdefault((one, other), []).append(value)
                scores.setdefault((other, one), []).append(value)
    if not scores:
        return None
    cells = {pair: fmean(values) for pair, values in scores.items()}
    over = f", mean over {len(layers)} layers" if len(layers) > 1 else ""
    title = f"{task}: likeness of each two languages, 100 is the same{over}"
    return _matrix(title, "", cells, design, setting)


def _matrix(title: str, rows_are: str, cells: Cells, design: Design, setting: Setting) -> Matrix:
    family = _families(design, setting)
    rows = _ordered({row for row, _ in cells}, family, setting)
    columns = _ordered({column for _, column in cells}, family, setting)
    values = tuple(tuple(cells.get((row, column)) for column in columns) for row in rows)
    off = {pair: value for pair, value in cells.items() if pair[0] != pair[1]}
    kin = [v for (a, b), v in off.items() if family.get(a, a) == family.get(b, b)]
    strangers = [v for (a, b), v in off.items() if family.get(a, a) != family.get(b, b)]
    return Matrix(
        title=title,
        rows_are=rows_are,
        rows=_heads(rows, family, setting),
        columns=_heads(columns, family, setting),
        values=values,
        low=min(cells.values()),
        high=max(cells.values()),
        within=fmean(kin) if kin else None,
        across=fmean(strangers) if strangers else None,
        symmetric=not rows_are,
    )


def _families(design: Design, setting: Setting) -> dict[str, str]:
    return {code: info.family for code, info in setting.languages.items()} | design.families


def _ordered(codes: Iterable[str], family: Mapping[str, str], setting: Setting) -> list[str]:
    """Families in the setting's order, and languages in it within each."""
    order = list(setting.languages)
    rank = {code: place for place, code in enumerate(order)}
    families = list(dict.fromkeys(family.get(code, code) for code in order))

    def key(code: str) -> tuple[int, int, str]:
        own = family.get(code, code)
        place = families.index(own) if own in families else len(families)
        return place, rank.get(code, len(rank)), code

    return sorted(codes, key=key)


def _heads(codes: Sequence[str], family: Mapping[str, str], setting: Setting) -> tuple[Head, ...]:
    heads = []
    before: str | None = None
    for code in codes:
        info = setting.languages.get(code)
        own = family.get(code, "")
        heads.append(
            Head(code=code, name=info.name if info else code, family=own, first=own != before)
        )
        before = own
    return tuple(heads)

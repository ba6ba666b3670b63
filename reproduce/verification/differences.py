"""Two runs side by side: parameters, environment, data, metrics and verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from reproduce.nouns.claim import CRITERION
from reproduce.nouns.run import Run
from reproduce.verification.comparison import shown

SECTIONS = ("parameters", "environment", "data", "metrics", "verdicts")


class Difference(NamedTuple):
    """One value that is not the same in both runs; empty where a run does not have it."""

    section: str
    key: str
    a: str
    b: str


class Alone(NamedTuple):
    """The claims that only one of two runs has, by id."""

    a: tuple[str, ...]
    b: tuple[str, ...]


def alone(a: Run, b: Run) -> Alone:
    """Which claims the other run does not have, in the order of each run."""
    first, second = ([planned.claim.id for planned in run.claims] for run in (a, b))
    return Alone(
        tuple(id for id in first if id not in second), tuple(id for id in second if id not in first)
    )


def differences(a: Run, b: Run) -> tuple[Difference, ...]:
    """What differs between two runs in the claims that both have, by section and key.

    All that a claim of one run alone says, and its data, would be a difference: `alone` names it.
    """
    apart = alone(a, b)
    a, b = _without(a, apart.a), _without(b, apart.b)
    parts = {
        "parameters": _parameters,
        "environment": _environment,
        "data": _data,
        "metrics": _metrics,
        "verdicts": _verdicts,
    }
    return tuple(
        difference
        for section in SECTIONS
        for difference in _differing(section, parts[section](a), parts[section](b))
    )


def _without(run: Run, claims: tuple[str, ...]) -> Run:
    return run.model_copy(
        update={
            "claims": tuple(p for p in run.claims if p.claim.id not in claims),
            "verdicts": tuple(v for v in run.verdicts if v.claim not in claims),
        }
    )


def _differing(section: str, a: Mapping[str, str], b: Mapping[str, str]) -> Iterator[Difference]:
    for key in sorted({*a, *b}):
        if a.get(key, "") != b.get(key, ""):
            yield Difference(section, key, a.get(key, ""), b.get(key, ""))


def _parameters(run: Run) -> dict[str, str]:
    found = _flat(run.setting.model_dump(mode="json"), "setting")
    found["overrides"] = " ".join(run.overrides)
    found["watermark"] = run.watermark
    for planned in run.claims:
        criterion = planned.claim.model_dump(mode="json", include=set(CRITERION))
        found |= _flat(criterion, planned.claim.id)
        design = planned.design
        found[f"{planned.claim.id}.design.units"] = str(design.looks[design.look])
    return found


def _environment(run: Run) -> dict[str, str]:
    return _flat(run.provenance.model_dump(mode="json"), "") | {"executor": run.executor}


def _data(run: Run) -> dict[str, str]:
    found = {f"model.{key}": str(value) for key, value in run.model.items()}
    for planned in run.claims:
        for trial in planned.design.trials:
            found |= dict(_slices(trial.cell.model_dump(mode="json")))
            found |= {f"code.{name}": v for name, v in trial.cell.steps.items()}
    return found


def _slices(value: object) -> Iterator[tuple[str, str]]:
    """Every pinned piece of data in a cell, whatever the kind of the cell calls it."""
    if isinstance(value, dict):
        if {"digest", "source", "name", "count"} <= value.keys():
            names = ("source", "name", "task", "language", "split")
            key = "/".join(str(value.get(name, "")) for name in names)
            yield key, f"{value['count']} examples, {str(value['digest'])[:16]}"
        else:
            for inner in value.values():
                yield from _slices(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _slices(inner)


def _metrics(run: Run) -> dict[str, str]:
    return {
        f"{verdict.claim}: {estimate.name}": shown(estimate)
        for verdict in run.verdicts
        for estimate in verdict.estimates
    }


def _verdicts(run: Run) -> dict[str, str]:
    return {v.claim: f"{v.outcome} ({v.evidence})" for v in run.verdicts}


def _flat(value: object, key: str) -> dict[str, str]:
    if isinstance(value, dict):
        return {
            k: v
            for name, inner in value.items()
            for k, v in _flat(inner, f"{key}.{name}" if key else str(name)).items()
        }
    if isinstance(value, list):
        return {key: ", ".join(str(item) for item in value)}
    return {key: str(value)}

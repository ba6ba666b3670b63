"""Which languages a claim names, and how far they are apart in type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path

from reproduce.data.typology import syntax
from reproduce.errors import UserError
from reproduce.nouns.pair import pair_name
from reproduce.nouns.setting import Setting
from reproduce.registry import did_you_mean
from reproduce.world.languages import SIDES, LanguageProfile, profiles

_WORLD_FEATURES = ("order", "subordinate", "morphology", "articles", "script", *SIDES)


def codes_of(named: str | tuple[str, ...], setting: Setting) -> tuple[str, ...]:
    """The codes that a named set or a list stands for, the source language included.

    Raises:
        UserError: no such set or language in the setting.
    """
    if isinstance(named, str):
        if named not in setting.sets:
            raise _unknown("set of languages", named, list(setting.sets), setting)
        named = setting.sets[named]
    for code in named:
        if code not in setting.languages:
            raise _unknown("language", code, list(setting.languages), setting)
    return named


def families_of(codes: Sequence[str], setting: Setting) -> dict[str, str]:
    """The family of each language."""
    return {code: setting.languages[code].family for code in codes}


def typological_distances(codes: Sequence[str], setting: Setting, task: str) -> dict[str, float]:
    """`pair_name` -> share of the features of type in which two languages differ, 0 to 1.

    In the world they are its own parameters, of the counter-world where a variant is one; of real
    languages they are lang2vec's features of syntax, from the setting's folder of typology. Where
    that folder is not at hand, or does not have a language, families alone count (0 or 1).

    Raises:
        DataError: the folder is there, and a file of it is absent or torn.
    """
    features = _features(codes, setting, task)
    return {
        pair_name(one, other): _distance(one, other, features, setting)
        for one, other in combinations(codes, 2)
    }


def distance(distances: Mapping[str, float], one: str, other: str) -> float:
    """The distance of two languages, in either order."""
    return distances.get(pair_name(one, other), distances.get(pair_name(other, one), 0.0))


def _unknown(what: str, name: str, known: list[str], setting: Setting) -> UserError:
    return UserError(
        f"unknown {what} {name!r} in setting {setting.name!r}",
        allowed=", ".join(sorted(known)) or "none",
        next_step=did_you_mean(name, known),
    )


def _features(codes: Sequence[str], setting: Setting, task: str) -> dict[str, tuple[str, ...]]:
    data = setting.tasks[task].data if task in setting.tasks else None
    if data is not None and data.source == "world":
        world = profiles(shared_order=data.options.get("shared_order", True) is not False)
        return {code: _world_features(world[code]) for code in codes if code in world}
    folder = Path(setting.typology) if setting.typology else None
    known = syntax(folder) if folder is not None and folder.is_dir() else {}
    return {code: tuple(known[code]) for code in codes if code in known}


def _world_features(profile: LanguageProfile) -> tuple[str, ...]:
    return tuple(str(getattr(profile, name)) for name in _WORLD_FEATURES)


def _distance(
    one: str, other: str, features: Mapping[str, tuple[str, ...]], setting: Setting
) -> float:
    if one in features and other in features:
        pairs = list(zip(features[one], features[other], strict=True))
        return sum(a != b for a, b in pairs) / len(pairs)
    languages = setting.languages
    return float(languages[one].family != languages[other].family)

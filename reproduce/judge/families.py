"""Families: the adjustment for judging several claims together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reproduce.nouns.claim import Role
from reproduce.nouns.verdict import Probability


@dataclass(frozen=True)
class Member:
    """One judged claim as a member of its family.

    Attributes:
        family: name of the family.
        role: only confirmatory claims share an error rate, only exploratory ones a discovery rate.
        contract: checks on our own code are never members.
        p_support: raw p of the claim being false.
        p_refute: raw p of the claim being true.
        looks: number of declared looks; each takes its share of alpha.
    """

    family: str
    role: Role
    contract: bool
    p_support: float
    p_refute: float
    looks: int


@dataclass(frozen=True)
class Adjusted:
    """Both probabilities of one claim after adjustment."""

    support: Probability
    refute: Probability


def adjust(members: Sequence[Member], sizes: Mapping[str, int]) -> tuple[Adjusted, ...]:
    """Holm within each family of confirmatory claims, Benjamini-Hochberg within exploratory ones.

    Args:
        members: the judged claims.
        sizes: confirmatory claims of each family in the book on disk; those that are not among
            the members count as p = 1, so that a claim judged alone is judged conservatively.

    The p of a claim with several looks is multiplied by their number first.
    """
    results: list[Adjusted | None] = [None] * len(members)
    for group in _groups(members):
        first = members[group[0]]
        size = max(sizes.get(first.family, 0), len(group))
        support = [min(1.0, members[i].p_support * members[i].looks) for i in group]
        refute = [min(1.0, members[i].p_refute * members[i].looks) for i in group]
        method = _method(first)
        supports, refutes = _apply(method, support, size), _apply(method, refute, size)
        shown = size if method == "holm" else len(group)
        for at, i in enumerate(group):
            results[i] = Adjusted(
                Probability(
                    raw=members[i].p_support,
                    adjusted=supports[at],
                    method=method,
                    family_size=shown,
                ),
                Probability(
                    raw=members[i].p_refute,
                    adjusted=refutes[at],
                    method=method,
                    family_size=shown,
                ),
            )
    return tuple(r for r in results if r is not None)


def _method(member: Member) -> str:
    if member.contract or member.role == "control":
        return "none"
    return "holm" if member.role == "confirmatory" else "benjamini-hochberg"


def _groups(members: Sequence[Member]) -> list[list[int]]:
    """Indices of claims adjusted together; claims without adjustment stand alone."""
    groups: dict[tuple[str, str, int], list[int]] = {}
    for i, member in enumerate(members):
        method = _method(member)
        alone = i if method == "none" else -1
        groups.setdefault((member.family, method, alone), []).append(i)
    return list(groups.values())


def _apply(method: str, p: list[float], size: int) -> list[float]:
    from reproduce.statistics.multiplicity import benjamini_hochberg, holm

    if method == "holm":
        return [float(x) for x in holm(np.array(p), size)]
    if method == "benjamini-hochberg":
        return [float(x) for x in benjamini_hochberg(np.array(p))]
    return p

"""Acceptance of pairs, so that what one sees without understanding is alike for every label.

A pair that was drawn is kept with a probability that depends on its label and on plain features:
lengths, how many words are new or lost, negation, fronting, voice. The tables were fitted by raking
(iterative proportional fitting, Deming and Stephan 1940): `refit` makes them again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from reproduce.world.balance_tables import TABLES
from reproduce.world.draw import Draw
from reproduce.world.meaning import PRONOUN, Event
from reproduce.world.pairs import Pair

Words = tuple[str, ...]
Wording = Callable[[Event], Words]
Weights = dict[str, dict[str, float]]  # "feature=value" -> label -> weight

ROUNDS = 40
STRENGTH = 0.65  # 1 would make the features tell nothing, at the price of fewer kinds of edits


def features(pair: Pair, first: Words, second: Words) -> list[str]:
    """Plain features of a pair and its wording in the source language."""
    one, two = Counter(first), Counter(second)
    shared = (one & two).total()
    found = [
        f"new, lost={min(4, len(second) - shared)} {min(4, len(first) - shared)}",
    ]
    for side, event, words in ((1, pair.first, first), (2, pair.second, second)):
        found += [
            f"length{side}={max(6, min(12, len(words)))}",
            f"form{side}={_form(event)}",
            f"negation{side}={_negated(event)}",
            f"open{side}={_left_open(event)}",
            f"joined{side}={_joined(event)}",
        ]
    return found


def _form(event: Event) -> str:
    if event.cleft or event.passive:
        return "cleft" if event.cleft else "passive"
    return "fronted" if event.fronted else "plain"


def _negated(event: Event) -> bool:
    thing = event.patient
    return event.negated or (thing is not None and any(d for d, _ in thing.adjectives))


def _left_open(event: Event) -> bool:
    """Does it leave open who (`someone`) or how many (`some`)?"""
    agent, patient = event.agent, event.patient
    assert agent is not None and patient is not None
    some = patient.plural and patient.number is None
    return some or PRONOUN in (agent.kind, patient.kind)


def _joined(event: Event) -> int:
    """The conjunction, if any."""
    patient = event.patient
    return patient.also[0] if patient is not None and patient.also else 0


def accepted(task: str, draw: Draw, pair: Pair, word: Wording) -> bool:
    """Is the pair kept?"""
    first, second = word(pair.first), word(pair.second)
    if first == second:
        return False
    weights = TABLES[task]
    chance = 1.0
    for feature in features(pair, first, second):
        chance *= weights.get(feature, {}).get(pair.label, 0.0)
    return draw() * weights["scale"]["all"] < chance


def fit(pairs: Iterable[Pair], word: Wording) -> Weights:
    """Weights under which every feature is distributed alike for all labels."""
    data = [(p.label, features(p, word(p.first), word(p.second))) for p in pairs]
    labels = sorted({label for label, _ in data})
    seen = Counter((f, label) for label, fs in data for f in fs)
    everywhere = {f for f, _ in seen if all(seen[f, label] >= 8 for label in labels)}
    data = [(label, fs) for label, fs in data if everywhere.issuperset(fs)]
    weights: Weights = {f: dict.fromkeys(labels, 1.0) for f in sorted(everywhere)}
    kinds = list(dict.fromkeys(f.split("=")[0] for f in data[0][1]))
    for _ in range(ROUNDS):
        for place, _kind in enumerate(kinds):
            _rake(data, labels, weights, place)
    for by in weights.values():
        for label in labels:
            by[label] **= STRENGTH
    products = sorted(_weight(weights, label, fs) for label, fs in data)
    scale = products[int(0.97 * len(products))]
    rounded = {f: {label: round(w, 4) for label, w in by.items()} for f, by in weights.items()}
    return {**rounded, "scale": {"all": round(scale, 4)}}


def _weight(weights: Weights, label: str, found: list[str]) -> float:
    product = 1.0
    for feature in found:
        product *= weights[feature][label]
    return product


def _rake(
    data: list[tuple[str, list[str]]], labels: list[str], weights: Weights, place: int
) -> None:
    """Make the distribution of one kind of feature the same for all labels: their mean."""
    mass: dict[str, dict[str, float]] = {label: defaultdict(float) for label in labels}
    for label, found in data:
        mass[label][found[place]] += _weight(weights, label, found)
    totals = {label: sum(by.values()) for label, by in mass.items()}
    for feature in {fs[place] for _, fs in data}:
        shares = {label: mass[label][feature] / totals[label] for label in labels}
        # The geometric mean keeps rare combinations rare.
        aim = 1.0
        for share in shares.values():
            aim *= max(share, 1e-9)
        aim **= 1 / len(labels)
        for label in labels:
            weights[feature][label] *= aim / max(shares[label], 1e-9)

"""The words, symbols and colours of outcomes, one place for the report and the command line."""

from __future__ import annotations

from typing import NamedTuple

from reproduce.nouns.evidence import Evidence, Outcome


class Wording(NamedTuple):
    """How an outcome is shown; `colour` names a class, so that no page depends on colour alone."""

    word: str
    symbol: str
    colour: str


class LevelWording(NamedTuple):
    """How an evidence level is shown: its name, where a claim holds or fails, what it means."""

    word: str
    where: str
    meaning: str


OUTCOMES: dict[Outcome, Wording] = {
    Outcome.SUPPORTED: Wording("supported", "✓", "supported"),
    Outcome.REFUTED: Wording("refuted", "✗", "refuted"),
    Outcome.INCONCLUSIVE: Wording("inconclusive", "?", "inconclusive"),
    Outcome.CONFORMS: Wording("conforms", "≡", "conforms"),
    Outcome.DOES_NOT_CONFORM: Wording("does not conform", "≢", "deviates"),
    Outcome.NOT_TESTABLE: Wording("not testable as printed", "∅", "untestable"),
    Outcome.NOT_APPLICABLE: Wording("not applicable at this evidence level", "–", "inapplicable"),
    Outcome.ERROR: Wording("error", "!", "error"),
    Outcome.NOT_RUN: Wording("not run", "○", "unrun"),
}

LEVELS: dict[Evidence, LevelWording] = {
    Evidence.SIMULATED: LevelWording(
        "simulated",
        "in simulation",
        "Trained and tested in a small generated world. It shows whether the claim holds there, "
        "not whether the paper's numbers can be reproduced.",
    ),
    Evidence.SCALED: LevelWording(
        "scaled",
        "at small scale",
        "Real languages with a small model. It shows whether the claim holds at that scale, "
        "not whether the paper's numbers can be reproduced.",
    ),
    Evidence.REPLICATION: LevelWording(
        "replication",
        "replication",
        "The paper's own model, data and protocol, as far as they are known.",
    ),
}

_REPLICATION = {Outcome.SUPPORTED: "REPRODUCED", Outcome.REFUTED: "NOT REPRODUCED"}
_VERBS = {
    Outcome.SUPPORTED: "Holds",
    Outcome.REFUTED: "Fails",
    Outcome.INCONCLUSIVE: "Undecided",
}


def phrase(outcome: Outcome, evidence: Evidence) -> str:
    """What may be said of a claim: `Holds in simulation`; only a replication is ever REPRODUCED."""
    if outcome not in _VERBS:
        word = OUTCOMES[outcome].word
        return word[0].upper() + word[1:]
    if evidence is Evidence.REPLICATION:
        return _REPLICATION.get(outcome, _VERBS[outcome])
    return f"{_VERBS[outcome]} {LEVELS[evidence].where}"

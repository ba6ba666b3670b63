"""Outcomes and evidence levels as the report shows them."""

from __future__ import annotations

from reproduce.judge.words import LEVELS, OUTCOMES, phrase
from reproduce.nouns.evidence import Evidence, Outcome
from reproduce.report.text import NOTHING
from reproduce.report.view import Badge, Level, Reproduced

_ANSWERS = {Outcome.SUPPORTED: "yes", Outcome.REFUTED: "no", Outcome.INCONCLUSIVE: "undecided"}


NO_ANSWER = Reproduced(answer=NOTHING, level="")
"""Of a contract, which is a description checked, and of a control, whose outcome is known."""

_CONTROLS = {
    "passed": Badge(word="as required", symbol="✓", colour="supported"),
    "failed": Badge(word="not as required", symbol="✗", colour="refuted"),
    "undecided": Badge(word="not shown", symbol="?", colour="inconclusive"),
}


def control_badge(state: str, outcome: Outcome) -> Badge:
    """What a control's outcome says of the procedure; without any, its outcome."""
    return _CONTROLS.get(state) or badge(outcome)


def badge(outcome: Outcome) -> Badge:
    """Word, symbol and colour of an outcome."""
    return Badge(**OUTCOMES[outcome]._asdict())


def level(evidence: Evidence) -> Level:
    """An evidence level with what it means."""
    wording = LEVELS[evidence]
    return Level(evidence=evidence, word=wording.word, meaning=wording.meaning)


def reproduced(outcome: Outcome, evidence: Evidence, *, watermark: str = "") -> Reproduced:
    """The plain column, with the level that the answer rests on.

    A quick run answers nothing, and a contract is a description checked, not a finding.
    """
    answer = _ANSWERS.get(outcome)
    if answer is None:
        return NO_ANSWER
    if watermark:
        return Reproduced(answer=watermark, level="")
    return Reproduced(answer=answer, level=LEVELS[evidence].where)


def saying(outcome: Outcome, evidence: Evidence, *, watermark: str = "") -> str:
    """The verdict as a short sentence: `Holds in simulation`."""
    said = phrase(outcome, evidence)
    return f"{said} ({watermark})" if watermark else said

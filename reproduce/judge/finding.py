"""A finding: what the records say of one claim, before its family is adjusted for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from reproduce.judge.quantity import Quantity
from reproduce.judge.unjudgeable import Unjudgeable as Unjudgeable
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.verdict import Estimate, SensitivityItem, VarianceShare


@dataclass(frozen=True)
class Undecided:
    """Why a claim is undecided, and what would decide it.

    Attributes:
        why: in a few words.
        units: how many in all would decide it with 80 % power; None if no feasible number would.
        text: under which condition.
        advice: what to do where more units are not the answer.
    """

    why: str
    units: int | None = None
    text: str = ""
    advice: str = ""


TOO_FEW = Undecided(
    "too few units", units=2, advice="Two units at least are needed, eight are advised."
)
NO_VARIANCE = Undecided(
    "no variance over units",
    advice="More units of the same kind will not help: see why all of them score the same.",
)
NOTHING_LEARNED = Undecided(
    "no arm is above chance",
    advice="More units of models that have learned nothing will not help: give them more training "
    "data or other hyper-parameters in the setting.",
)
MORE_SENTENCES = (
    "More units alone would not decide it: most of the uncertainty lies in the test data, "
    "of which more is needed."
)


@dataclass(frozen=True)
class Says:
    """What was measured, in words for each outcome; begins in lower case, without a full stop."""

    supported: str = ""
    refuted: str = ""
    undecided: str = ""

    def of(self, outcome: Outcome) -> str:
        """The text for that outcome."""
        if outcome in (Outcome.SUPPORTED, Outcome.CONFORMS):
            return self.supported
        if outcome in (Outcome.REFUTED, Outcome.DOES_NOT_CONFORM):
            return self.refuted
        return self.undecided


@dataclass(frozen=True)
class Finding:
    """Raw p-values and estimates of one claim.

    Attributes:
        test: name of the test, for the signature.
        expectation: what is tested, for the signature.
        p_support: raw p of "the claim is false".
        p_refute: raw p of "the claim is true".
        blocked: an outcome that no p-value can change, with its reason in `says.undecided`.
        undecided: from the level left after all adjustments to what is missing.
        frequencies: how often each layer comes out best, by task; a resampling, made when asked.
        caveats: sentences without which the verdict would be read wrongly.
        quantities: what was tested, the deciding one first; empty where layers are compared.
    """

    test: str = ""
    expectation: str = ""
    p_support: float = 1.0
    p_refute: float = 1.0
    units: int = 0
    sentences: int = 0
    blocked: Outcome | None = None
    says: Says = field(default_factory=Says)
    undecided: Callable[[float], Undecided] = lambda alpha: Undecided("")
    estimates: tuple[Estimate, ...] = ()
    selection: tuple[Estimate, ...] = ()
    frequencies: Callable[[], dict[str, dict[str, float]]] = dict
    sensitivity: tuple[SensitivityItem, ...] = ()
    variance: tuple[VarianceShare, ...] = ()
    notes: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    quantities: tuple[Quantity, ...] = ()


def blocked(outcome: Outcome, reason: str) -> Finding:
    """A finding that nothing can be said, and why."""
    return Finding(blocked=outcome, says=Says(undecided=reason))

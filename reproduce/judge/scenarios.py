"""Scenarios: known truths on which the judge is tested, with the error rates that it promises."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from reproduce.judge.best_layer_differs import BestLayerDiffers
from reproduce.judge.best_layer_is import BestLayerIs
from reproduce.judge.crossover import Crossover
from reproduce.judge.equivalence import Equivalence
from reproduce.judge.exchange_rate import ExchangeRate
from reproduce.judge.family_gap import FamilyGap
from reproduce.judge.gates_differ import GatesDiffer
from reproduce.judge.holds_in_languages import HoldsInLanguages
from reproduce.judge.interaction import Interaction, Side
from reproduce.judge.layer_contrast import LayerContrast
from reproduce.judge.layer_division import LayerDivision
from reproduce.judge.layer_trend import LayerTrend
from reproduce.judge.margin import Margin
from reproduce.judge.order import Order
from reproduce.judge.simulation import Shape
from reproduce.judge.truths import (
    FOUR,
    Scores,
    between_languages,
    curves,
    gains,
    in_languages,
    in_sentences,
    random_walks,
    selections,
)
from reproduce.nouns.claim import Inference, Role, Unit
from reproduce.nouns.expectation import Expectation

Rate = Literal["supported", "refuted", "covered"]

ALPHA = 0.05


@dataclass(frozen=True)
class Promise:
    """A rate that must lie between two bounds."""

    rate: Rate
    title: str
    least: float = 0.0
    most: float = 1.0


WRONG_SUPPORT = Promise("supported", "wrongly supported", most=ALPHA)
WRONG_REFUTATION = Promise("refuted", "wrongly refuted", most=ALPHA)
COVERAGE = Promise("covered", "truth in interval", least=0.93, most=0.97)
NEVER = (
    Promise("supported", "supported", most=0.0),
    Promise("refuted", "refuted", most=0.0),
)


def reference(power: float) -> Promise:
    """A published operating point, which is given to two digits."""
    return Promise("supported", "rightly supported", least=power - 0.005, most=power + 0.005)


@dataclass(frozen=True)
class Scenario:
    """Scores of known truth, judged again and again.

    Attributes:
        name: what is simulated.
        expect: what the claim expects, or several for a family.
        draw: one set of scores per task, [arms, units], [arms, units, targets], or for sentences
            [arms, units, sentences].
        promises: what the rates must be.
        truth: true value of the main estimate, where coverage is promised.
        looks: judged at each of these numbers of units; a decision at any of them counts.
        drawn: what `draw` gives: scores of arms, scores of sentences, or mean gates of arms.
    """

    name: str
    expect: tuple[Expectation, ...]
    draw: Callable[[np.random.Generator], Scores]
    promises: tuple[Promise, ...]
    shape: Shape = field(default_factory=Shape)
    truth: float | None = None
    alpha: float = ALPHA
    unit: Unit = "seed"
    inference: Inference = "this-test-set"
    role: Role = "control"
    looks: tuple[int, ...] = ()
    drawn: Literal["scores", "sentences", "gates"] = "scores"


def scenarios() -> tuple[Scenario, ...]:
    """Every truth on which the judge is tested."""
    return (
        *_margins(),
        *_equivalences(),
        *_layers(),
        *_gates(),
        *_families(),
        *_languages(),
        *_sentences(),
    )


_PAIR: tuple[int | None, ...] = (None,)


def _pair(
    units: int, *, tasks: tuple[str, ...] = ("pos",), targets: tuple[str, ...] = ("bb",)
) -> Shape:
    return Shape(tasks=tasks, layers=_PAIR, units=units, targets=targets)


def _margins() -> Iterator[Scenario]:
    both = (WRONG_SUPPORT, WRONG_REFUTATION)
    for n in (3, 8):
        yield Scenario(f"margin, no gain, {n} seeds", (Margin(),), gains(0.0, n), both, _pair(n))
    yield Scenario(
        "margin 1, at the boundary, 30 seeds",
        (Margin(margin="1"),),
        gains(1.0, 30),
        both,
        _pair(30),
    )
    for n in (3, 8):
        yield Scenario(
            f"margin, interval at nominal 95%, {n} seeds",
            (Margin(),),
            gains(0.7, n),
            (COVERAGE,),
            _pair(n),
            truth=0.7,
            alpha=0.025,
        )
    for gain, n, power in ((1.0, 3, 0.71), (1.0, 5, 0.97), (0.5, 5, 0.58), (0.5, 8, 0.81)):
        yield Scenario(
            f"margin, gain {gain:g} with sd 0.5, {n} seeds",
            (Margin(),),
            gains(gain, n),
            (reference(power), Promise("refuted", "wrongly refuted", most=0.002)),
            _pair(n),
        )
    yield Scenario(
        "margin on four tasks, one without gain",
        (Margin(),),
        gains([0.0, 3.0, 3.0, 3.0], 5),
        (WRONG_SUPPORT,),
        _pair(5, tasks=FOUR),
    )
    yield Scenario(
        "margin on four tasks, all at the boundary",
        (Margin(margin="1"),),
        gains([1.0] * 4, 5),
        (WRONG_REFUTATION,),
        _pair(5, tasks=FOUR),
    )
    yield Scenario(
        "order, two conditions alike",
        (Order(order=("add", "last")),),
        gains(0.0, 5),
        both,
        _pair(5),
    )
    for correlation in (0.0, 0.3):
        yield Scenario(
            f"margin, seven equal layers to choose from, correlation {correlation:g}",
            (Margin(),),
            selections(7, 8, correlation),
            (WRONG_SUPPORT,),
            Shape(layers=tuple(range(1, 8)), units=8),
        )
    sides = Interaction(larger=Side(tasks=FOUR[:1]), smaller=Side(tasks=FOUR[1:]))
    yield Scenario(
        "interaction, equal gains", (sides,), gains([2.0] * 4, 5), both, _pair(5, tasks=FOUR)
    )
    yield Scenario(
        "one seed",
        (Margin(),),
        gains(9.0, 1),
        NEVER,
        _pair(1),
    )
    yield Scenario(
        "identical scores in all seeds",
        (Margin(),),
        gains(9.0, 8, sd=0.0),
        NEVER,
        _pair(8),
    )


def _equivalences() -> Iterator[Scenario]:
    def equal(tolerance: str) -> tuple[Equivalence]:
        return (Equivalence(value="0", tolerance=tolerance, printed=False),)

    yield Scenario(
        "equivalence, truth at the edge of the tolerance",
        equal("1"),
        gains(1.0, 8),
        (WRONG_SUPPORT, WRONG_REFUTATION),
        _pair(8),
    )
    yield Scenario(
        "equivalence, tolerance 0.05 sd, truth at its edge",
        equal("0.05"),
        gains(0.05, 5, sd=1.0),
        (WRONG_SUPPORT, WRONG_REFUTATION),
        _pair(5),
    )
    yield Scenario(
        "equivalence, tolerance 1.15 sd, truth central",
        equal("1.15"),
        gains(0.0, 8, sd=1.0),
        (reference(0.80), WRONG_REFUTATION),
        _pair(8),
    )


def _layers() -> Iterator[Scenario]:
    def layered(units: int, tasks: int, layers: int) -> Shape:
        return Shape(tasks=FOUR[:tasks], layers=tuple(range(1, layers + 1)), units=units)

    for tolerance in ("0.01", "1.0"):
        yield Scenario(
            f"best layers differ, all equal, tolerance {tolerance}",
            (BestLayerDiffers(tie_tolerance=tolerance),),
            curves([[0.0] * 7] * 4, 8),
            (WRONG_SUPPORT,),
            layered(8, 4, 7),
        )
    far = -30.0
    serves: list[list[float]] = [[0.0, 0.5, 0.5, far, far], [0.0, far, far, 0.5, 0.5]]
    yield Scenario(
        "best layers differ, one layer just serves all tasks",
        (BestLayerDiffers(tie_tolerance="0.5"),),
        curves(serves, 5, sd=1.0),
        (WRONG_SUPPORT,),
        layered(5, 2, 5),
    )
    for edge in (0.05, 2.0):
        yield Scenario(
            f"best layers differ, every layer just fails, tolerance {edge:g}",
            (BestLayerDiffers(tie_tolerance=f"{edge:g}"),),
            curves([[edge, 0.0], [0.0, edge]], 8),
            (WRONG_REFUTATION,),
            layered(8, 2, 2),
        )
    yield Scenario(
        "best layer is 1, a rival leads by the tolerance",
        (BestLayerIs(layer=1, tie_tolerance="0.5"),),
        curves([[0.0, 0.5, far, far]], 8),
        (WRONG_SUPPORT,),
        layered(8, 1, 4),
    )
    yield Scenario(
        "best layer is 1, all rivals lead by the tolerance",
        (BestLayerIs(layer=1, tie_tolerance="0.5"),),
        curves([[0.0, 0.5, 0.5, 0.5]] * 2, 8),
        (WRONG_REFUTATION,),
        layered(8, 2, 4),
    )
    both = (WRONG_SUPPORT, WRONG_REFUTATION)
    walks = random_walks(7, 8)
    trends = {
        "slope": LayerTrend(direction="rising"),
        "rho": LayerTrend(direction="rising", measure="rho"),
        "peak": LayerContrast(higher="middle", lower="last"),
    }
    for name, expect in trends.items():
        yield Scenario(
            f"random walks over layers, {name}", (expect,), walks, both, layered(8, 1, 7)
        )

    division = LayerDivision(lower=FOUR[:1], upper=FOUR[1:2])
    yield Scenario(
        "lower and upper layers, all equal",
        (division,),
        curves([[0.0] * 6] * 2, 8),
        both,
        layered(8, 2, 6),
    )
    up = [0.0, 0.0, 0.0, 0.0, 3.0, 3.0]
    yield Scenario(
        "lower and upper layers, one half of the claim untrue",
        (division,),
        curves([[0.0] * 6, up], 8),
        (WRONG_SUPPORT,),
        layered(8, 2, 6),
    )


def _gates() -> Iterator[Scenario]:
    for name, differences, promise in (
        ("one just like the other's", [1.0, 5.0], WRONG_SUPPORT),
        ("all just different", [1.0, 1.0], WRONG_REFUTATION),
    ):
        yield Scenario(
            f"gates of two tasks at two layers, {name}",
            (GatesDiffer(margin="1"),),
            curves([differences, [0.0, 0.0]], 8),
            (promise,),
            Shape(tasks=FOUR[:2], layers=(1, 2), units=8),
            drawn="gates",
        )


def _families() -> Iterator[Scenario]:
    many = tuple(Margin(margin=f"{1 + i / 1000:.3f}") for i in range(5))
    yield Scenario(
        "family of five claims at the boundary, any of them wrong",
        many,
        gains(1.0, 8),
        (WRONG_SUPPORT,),
        _pair(8),
        role="confirmatory",
    )
    yield Scenario(
        "two looks, no gain, wrong at either",
        (Margin(),),
        gains(0.0, 8),
        (WRONG_SUPPORT, WRONG_REFUTATION),
        _pair(8),
        looks=(5, 8),
    )


def _languages() -> Iterator[Scenario]:
    codes = ("bb", "cc", "dd", "ee", "ff", "gg")
    both = (WRONG_SUPPORT, WRONG_REFUTATION)
    kinds = {"seed-dominated": (1.0, 0.3), "language-dominated": (0.1, 1.0), "both": (0.7, 0.7)}
    for name, (shared, language) in kinds.items():
        yield Scenario(
            f"unit language, {name} variance",
            (Margin(),),
            in_languages([0.0] * 6, 5, shared=shared, language=language, rest=0.3),
            both,
            _pair(5, targets=codes),
            unit="language",
        )
    yield Scenario(
        "holds in 4 of 6 correlated languages, 3 do",
        (HoldsInLanguages(at_least=4),),
        in_languages([20, 20, 20, 0, 0, 0], 5, shared=1.0, language=0.0, rest=0.5),
        (WRONG_SUPPORT,),
        _pair(5, targets=codes),
    )
    yield Scenario(
        "holds in 4 of 6 correlated languages, just",
        (HoldsInLanguages(at_least=4),),
        in_languages([0, 0, 0, 0, -20, -20], 5, shared=1.0, language=0.0, rest=0.5),
        (WRONG_REFUTATION,),
        _pair(5, targets=codes),
    )

    families = ("a", "a", "a", "a", "b", "b", "b")
    for gap in ("0", "5"):
        yield Scenario(
            f"families of languages, a gap of {gap}",
            (FamilyGap(margin=gap),),
            between_languages(families, float(gap)),
            both,
            Shape(units=1, targets=(*codes, "hh"), labels=(*codes, "hh"), families=families),
            unit="language",
        )
    yield Scenario(
        "own data level with another language's",
        (Crossover(beyond=50),),
        lambda rng: {"pos": 50 + rng.normal(0, 0.5, (3, 5))},
        both,
        Shape(units=5, labels=("related", "own:50", "own:100")),
    )
    curve = np.array([[50.0], [60.0], [65.0], [57.5]])  # the last arm is worth 75 sentences
    yield Scenario(
        "synthetic data level with so many real ones",
        (ExchangeRate(more_than=75),),
        lambda rng: {"pos": curve + rng.normal(0, 0.5, (4, 5))},
        both,
        Shape(units=5, labels=("real-0", "real-100", "real-200", "real-0+synthetic")),
    )


def _sentences() -> Iterator[Scenario]:
    kinds = {
        "seed-dominated": (1.0, 1.0, 3.0),
        "sentence-dominated": (0.1, 8.0, 3.0),
        "both": (0.7, 5.0, 4.0),
    }
    for name, (seed, sentence, rest) in kinds.items():
        for alpha, promises in ((ALPHA, (WRONG_SUPPORT, WRONG_REFUTATION)), (0.025, (COVERAGE,))):
            yield Scenario(
                f"new sentences, {name} variance",
                (Margin(),),
                in_sentences(5, seed=seed, sentence=sentence, rest=rest),
                promises,
                _pair(5),
                truth=0.0,
                alpha=alpha,
                inference="new-sentences",
                drawn="sentences",
            )
    yield Scenario(
        "unit sentence, frozen encoder",
        (Margin(),),
        in_sentences(1, seed=0.0, sentence=5.0, rest=1.0),
        (WRONG_SUPPORT, WRONG_REFUTATION),
        _pair(1),
        unit="sentence",
        drawn="sentences",
    )

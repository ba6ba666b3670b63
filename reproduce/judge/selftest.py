"""Self-test: the shipped judge on simulated scores of known truth, its error rates measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from reproduce.judge.best_layer_differs import BestLayerDiffers
from reproduce.judge.best_layer_is import BestLayerIs
from reproduce.judge.crossover import Crossover
from reproduce.judge.equivalence import Equivalence
from reproduce.judge.exchange_rate import ExchangeRate
from reproduce.judge.family_gap import FamilyGap
from reproduce.judge.finding import Finding
from reproduce.judge.gates_differ import GatesDiffer
from reproduce.judge.holds_in_languages import HoldsInLanguages
from reproduce.judge.interaction import Interaction, Side
from reproduce.judge.judging import Decision, decide
from reproduce.judge.layer_contrast import LayerContrast
from reproduce.judge.layer_division import LayerDivision
from reproduce.judge.layer_trend import LayerTrend
from reproduce.judge.margin import Margin
from reproduce.judge.observations import Observations
from reproduce.judge.order import Order
from reproduce.judge.simulation import (
    SETTING,
    SOURCE,
    GateTemplate,
    SentenceTemplate,
    Shape,
    Simulated,
    Template,
    simulated_design,
)
from reproduce.nouns.claim import Claim, Inference, Role, Source, Unit
from reproduce.nouns.design import Design
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.expectation import Expectation

Floats = npt.NDArray[np.float64]
Scores = Mapping[str, Floats]
Rate = Literal["supported", "refuted", "covered"]

ALPHA = 0.05
ERRORS = 3.5  # Monte-Carlo standard errors beyond which a promise counts as broken
SENTENCES = 60
FOUR = ("xnli", "pawsx", "ner", "pos")


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


class Measured(NamedTuple):
    """One promise of one scenario, measured.

    Attributes:
        scenario: its name.
        promise: what was promised.
        value: the measured rate.
        error: its Monte-Carlo standard error.
        runs: number of simulated claims.
        kept: whether the value is within the promise, Monte-Carlo error allowed for.
    """

    scenario: str
    promise: Promise
    value: float
    error: float
    runs: int
    kept: bool


def selftest(*, runs: int = 400, seed: int = 0) -> Iterator[Measured]:
    """Measure every promise over so many simulated claims a scenario, as they come in."""
    for number, scenario in enumerate(scenarios()):
        yield from _measure(scenario, runs, np.random.default_rng([seed, number]))


def _measure(scenario: Scenario, runs: int, rng: np.random.Generator) -> list[Measured]:
    counts = dict.fromkeys(("supported", "refuted", "covered"), 0)
    judge = _judge_of(scenario)
    for _ in range(runs):
        decisions = judge(scenario.draw(rng))
        outcomes = {decision.outcome for decision in decisions}
        counts["supported"] += Outcome.SUPPORTED in outcomes
        counts["refuted"] += Outcome.REFUTED in outcomes
        counts["covered"] += _covers(decisions[-1].finding, scenario.truth)
    return [
        _compare(scenario.name, promise, counts[promise.rate], runs)
        for promise in scenario.promises
    ]


def _covers(finding: Finding, truth: float | None) -> bool:
    if truth is None or not finding.estimates:
        return False
    main = finding.estimates[0]
    return main.low is not None and main.high is not None and main.low <= truth <= main.high


def _compare(name: str, promise: Promise, hits: int, runs: int) -> Measured:
    value = hits / runs
    # At the nearest promised rate, so that a rate of 0 or 1 has its error too.
    at = min(max(value, promise.least), promise.most)
    error = float((at * (1 - at) / runs) ** 0.5)
    slack = ERRORS * error + 1e-12
    kept = promise.least - slack <= value <= promise.most + slack
    return Measured(name, promise, value, error, runs, kept)


def _judge_of(scenario: Scenario) -> Callable[[Scores], list[Decision]]:
    """From one set of scores to the decisions that the shipped judge takes."""
    claims = [_claim(scenario, expect, i) for i, expect in enumerate(scenario.expect)]
    designs = _designs(scenario)
    fill = [_filling(scenario, design) for design in designs]

    def observations(scores: Scores) -> list[Observations]:
        return [filled(scores) for filled in fill]

    def judge(scores: Scores) -> list[Decision]:
        return [
            decision
            for design, seen in zip(designs, observations(scores), strict=True)
            for decision in decide(
                [(claim, design) for claim in claims],
                [seen] * len(claims),
                setting=SETTING,
                family_sizes={"simulated": len(claims)},
            )
        ]

    return judge


def _filling(scenario: Scenario, design: Design) -> Callable[[Scores], Observations]:
    """From what is drawn to the observations of one design, which may have fewer units."""
    if scenario.drawn == "sentences":
        return SentenceTemplate.of(design, SENTENCES).filled
    if scenario.drawn == "gates":
        return GateTemplate.of(design).filled
    template = Template.of(design)
    return lambda scores: template.filled({t: v[:, : template.units] for t, v in scores.items()})


def _designs(scenario: Scenario) -> list[Design]:
    shape = scenario.shape
    if not scenario.looks:
        return [simulated_design(shape)]
    return [
        simulated_design(
            Shape(shape.tasks, shape.layers, units, shape.targets, scenario.looks, look)
        )
        for look, units in enumerate(scenario.looks)
    ]


def _claim(scenario: Scenario, expect: Expectation, number: int) -> Claim:
    return Claim(
        id=f"simulated-{number}",
        title=scenario.name,
        paper="simulated",
        source=Source(document="simulated", quote=scenario.name),
        family="simulated",
        role=scenario.role,
        alpha=scenario.alpha,
        experiment=Simulated(),
        expect=expect,
        unit=scenario.unit,
        inference=scenario.inference,
    )


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


# --- truths ---------------------------------------------------------------------------------------


def gains(
    means: Sequence[float] | float, units: int, sd: float = 0.5
) -> Callable[[np.random.Generator], Scores]:
    """A task for each mean gain: the baseline at 50, the treatment above it with noise."""
    each = [means] if isinstance(means, float) else list(means)
    names = ("pos",) if len(each) == 1 else FOUR

    def draw(rng: np.random.Generator) -> Scores:
        return {
            task: np.stack([np.full(units, 50.0), 50 + mean + rng.normal(0, sd, units)])
            for task, mean in zip(names, each, strict=True)
        }

    return draw


def curves(
    means: Sequence[Sequence[float]], units: int, sd: float = 0.5
) -> Callable[[np.random.Generator], Scores]:
    """A task for each curve of mean scores over layers, relative to 50."""

    def draw(rng: np.random.Generator) -> Scores:
        result = {}
        for task, mean in zip(FOUR, means, strict=False):
            full = 50 + np.array([0.0, *mean])[:, None]
            result[task] = full + rng.normal(0, sd, (len(full), units))
        return result

    return draw


def selections(
    layers: int, units: int, correlation: float
) -> Callable[[np.random.Generator], Scores]:
    """Equal layers without gain; a unit's luck on source data goes with that on target data."""

    def draw(rng: np.random.Generator) -> Scores:
        luck = rng.normal(0, 0.5, (layers + 1, units))
        own = rng.normal(0, 0.5, (layers + 1, units))
        source = correlation * luck + (1 - correlation**2) ** 0.5 * own
        return {"pos": 50 + luck, f"pos@{SOURCE}": 50 + source}

    return draw


def random_walks(layers: int, units: int) -> Callable[[np.random.Generator], Scores]:
    """Curves that wander over the layers and go nowhere on average."""

    def draw(rng: np.random.Generator) -> Scores:
        return {FOUR[0]: 50 + rng.normal(0, 0.5, (layers + 1, units)).cumsum(axis=0)}

    return draw


def in_languages(
    means: Sequence[float], units: int, *, shared: float, language: float, rest: float
) -> Callable[[np.random.Generator], Scores]:
    """Gains by language that share the effect of their seed, and differ by a language's own."""

    def draw(rng: np.random.Generator) -> Scores:
        count = len(means)
        effect = np.array(means) + rng.normal(0, shared, (units, 1))
        effect = effect + rng.normal(0, language, (1, count)) + rng.normal(0, rest, (units, count))
        return {"pos": np.stack([np.full((units, count), 50.0), 50 + effect])}

    return draw


def between_languages(
    families: Sequence[str], gap: float
) -> Callable[[np.random.Generator], Scores]:
    """What languages give to each other: easy and hard ones, and the gap within families."""
    same = np.array([[one == other for other in families] for one in families])

    def draw(rng: np.random.Generator) -> Scores:
        n = len(families)
        scores = 60 + rng.normal(0, 4, n) + rng.normal(0, 4, (n, 1)) + rng.normal(0, 2, (n, n))
        return {"pos": (scores + gap * same)[:, None, :]}

    return draw


def in_sentences(
    units: int, *, seed: float, sentence: float, rest: float, count: int = SENTENCES
) -> Callable[[np.random.Generator], Scores]:
    """Gains by sentence: the units' own, the sentences' own, and the rest."""

    def draw(rng: np.random.Generator) -> Scores:
        effect = rng.normal(0, seed, (units, 1)) + rng.normal(0, sentence, (1, count))
        effect = effect + rng.normal(0, rest, (units, count))
        return {"pos": np.stack([np.full((units, count), 50.0), 50 + effect])}

    return draw


# --- scenarios ------------------------------------------------------------------------------------

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

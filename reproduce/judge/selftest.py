"""Self-test: the shipped judge on simulated scores of known truth, its error rates measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from reproduce.judge.finding import Finding
from reproduce.judge.judging import Decision, decide
from reproduce.judge.observations import Observations
from reproduce.judge.scenarios import Promise, Scenario, scenarios
from reproduce.judge.simulation import (
    SETTING,
    GateTemplate,
    SentenceTemplate,
    Shape,
    Simulated,
    Template,
    simulated_design,
)
from reproduce.judge.truths import SENTENCES, Scores
from reproduce.nouns.claim import Claim, Source
from reproduce.nouns.design import Design
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.expectation import Expectation

ERRORS = 3.5  # Monte-Carlo standard errors beyond which a promise counts as broken


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

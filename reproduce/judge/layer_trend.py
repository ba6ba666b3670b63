"""Layer trend: scores rise or fall over the layers, measured in each unit and then over units."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from reproduce.judge.above import judge_above, prospects_above
from reproduce.judge.curve import Curve, curves
from reproduce.judge.finding import Finding, Unjudgeable
from reproduce.judge.numbers import plain
from reproduce.judge.observations import Observations
from reproduce.judge.outlook import Prospects, Size
from reproduce.judge.quantity import Quantity, Sample, Term, measure
from reproduce.nouns.claim import Claim, Points, points
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.expectation import Expectation
from reproduce.statistics.paired import summarise

_SCALES = {"slope": "points per layer", "rho": "rho"}


class LayerTrend(Expectation):
    """Slope (points per layer) or rank correlation with the layer exceeds `margin`.

    Layers are not exchangeable: permuting them would call a random walk a trend. So the trend is
    measured within each unit, and the units are what is tested over.
    """

    quantity: ClassVar[str] = "layers"

    kind: Literal["layer_trend"] = "layer_trend"
    direction: Literal["rising", "falling"]
    measure: Literal["slope", "rho"] = "slope"
    margin: Points = "0"


def judge(claim: Claim, observations: Observations) -> Finding:
    """Support if every task has the trend, refute if some task has too little of it.

    Raises:
        Unjudgeable: the records allow no test.
    """
    expect = claim.expect
    assert isinstance(expect, LayerTrend)
    margin = float(points(expect.margin))
    trends = [_trend(claim, observations, curve, expect) for curve in curves(claim, observations)]
    text = f"{expect.direction} {expect.measure} > {plain(margin)}"
    return judge_above(claim, observations, trends, margin, expectation=text)


def _trend(claim: Claim, observations: Observations, curve: Curve, expect: LayerTrend) -> Quantity:
    sign = 1.0 if expect.direction == "rising" else -1.0
    verb = "rises" if expect.direction == "rising" else "falls"
    title = f"{curve.task}: {expect.direction} over layers {curve.layers[0]} to {curve.layers[-1]}"
    terms: tuple[Term, ...] = ()
    if expect.measure == "slope":
        centred = np.array(curve.layers, dtype=float) - np.mean(curve.layers)
        weights = sign * centred / (centred**2).sum()
        pairs = zip(curve.terms, weights, strict=True)
        terms = tuple(term._replace(weight=float(weight)) for term, weight in pairs)
        sample = measure(claim, observations, terms)
    else:
        sample = _rank_sample(claim, curve, sign)
    return Quantity(
        task=curve.task,
        title=title,
        subject=f"{curve.task} {verb} over the layers by",
        sample=sample,
        terms=terms,
        scale=_SCALES[expect.measure],
    )


def _rank_sample(claim: Claim, curve: Curve, sign: float) -> Sample:
    from reproduce.statistics.trend import rank_correlations

    if claim.inference == "new-sentences":
        raise Unjudgeable(
            Outcome.ERROR, "a rank correlation has no per-sentence form: use the slope instead"
        )
    values = sign * rank_correlations(curve.values, curve.layers)
    if not np.isfinite(values).all():
        raise Unjudgeable(
            Outcome.INCONCLUSIVE, f"{curve.task} scores the same at all layers in some units"
        )
    return Sample(values, summarise(values))


def prospects(claim: Claim, size: Size) -> Prospects:
    """A steep enough trend can always be found, in either direction."""
    expect = claim.expect
    assert isinstance(expect, LayerTrend)
    # A slope is a weighted sum of scores: its sd is smaller than a difference's by this factor.
    layers = np.arange(size.layers, dtype=float)
    spread = float(np.sqrt(0.5 / max(1e-9, ((layers - layers.mean()) ** 2).sum())))
    sd = size.sd if size.own else size.sd * spread
    scaled = Size(size.tasks, size.layers, size.n, sd, size.alpha)
    scale = _SCALES[expect.measure]
    return prospects_above(scaled, float(points(expect.margin)), noun="trend", scale=scale)

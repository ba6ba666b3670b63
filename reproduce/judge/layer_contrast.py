"""Layer contrast: some layers score higher than others, such as a peak against the last layer."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from reproduce.judge.above import judge_above, prospects_above
from reproduce.judge.curve import Curve, curves
from reproduce.judge.finding import Finding, Unjudgeable
from reproduce.judge.numbers import plain
from reproduce.judge.observations import Observations
from reproduce.judge.outlook import Prospects, Size
from reproduce.judge.quantity import Quantity, measure
from reproduce.nouns.claim import Claim, Points, points
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.expectation import Expectation

Part = Literal["first", "lower", "middle", "upper", "last"]
Layers = Part | Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=1)]
"""Named layers, or a part that means the same in models of any depth: thirds, first, last."""


class LayerContrast(Expectation):
    """The mean score of the layers `higher` exceeds that of `lower` by more than `margin`."""

    quantity: ClassVar[str] = "layers"

    kind: Literal["layer_contrast"] = "layer_contrast"
    higher: Layers
    lower: Layers
    margin: Points = "0"


def judge(claim: Claim, observations: Observations) -> Finding:
    """Support if every task shows the contrast, refute if some task shows less.

    Raises:
        Unjudgeable: the records allow no test, or a named layer was not measured.
    """
    expect = claim.expect
    assert isinstance(expect, LayerContrast)
    margin = float(points(expect.margin))
    found = [_contrast(claim, observations, c, expect) for c in curves(claim, observations)]
    text = f"{_name(expect.higher)} - {_name(expect.lower)} > {plain(margin)}"
    return judge_above(claim, observations, found, margin, expectation=text)


def resolve(named: Layers, layers: tuple[int, ...]) -> tuple[int, ...]:
    """The layers that a name stands for among those measured.

    Raises:
        Unjudgeable: a layer was not measured.
    """
    third = max(1, len(layers) // 3)
    parts = {
        "first": layers[:1],
        "last": layers[-1:],
        "lower": layers[:third],
        "upper": layers[-third:],
        "middle": layers[third : len(layers) - third] or layers[third : third + 1],
    }
    if isinstance(named, str):
        return parts[named]
    missing = [layer for layer in named if layer not in layers]
    if missing:
        there = ", ".join(str(layer) for layer in layers)
        raise Unjudgeable(
            Outcome.NOT_APPLICABLE, f"layer {missing[0]} was not measured, only layers {there}"
        )
    return named


def _contrast(
    claim: Claim, observations: Observations, curve: Curve, expect: LayerContrast
) -> Quantity:
    high, low = resolve(expect.higher, curve.layers), resolve(expect.lower, curve.layers)
    terms = tuple(
        curve.terms[curve.layers.index(layer)]._replace(weight=sign / len(side))
        for sign, side in ((1.0, high), (-1.0, low))
        for layer in side
    )
    title = f"{curve.task}: {_name(expect.higher)} layers over {_name(expect.lower)}"
    return Quantity(
        task=curve.task,
        title=title,
        subject=f"in {curve.task} the {_name(expect.higher)} layers ({_list(high)}) lead the "
        f"{_name(expect.lower)} ones ({_list(low)}) by",
        sample=measure(claim, observations, terms),
        terms=terms,
    )


def _name(named: Layers) -> str:
    return named if isinstance(named, str) else f"[{_list(named)}]"


def _list(layers: tuple[int, ...]) -> str:
    return ", ".join(str(layer) for layer in layers)


def prospects(claim: Claim, size: Size) -> Prospects:
    """A large enough contrast can always be found, in either direction."""
    assert isinstance(claim.expect, LayerContrast)
    return prospects_above(size, float(points(claim.expect.margin)), noun="contrast")

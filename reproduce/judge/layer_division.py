"""Layer division: lower layers lead on some measures while upper layers lead on others."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from reproduce.judge.above import judge_above, prospects_above
from reproduce.judge.curve import Curve, curves
from reproduce.judge.finding import Finding, Unjudgeable
from reproduce.judge.layer_contrast import Layers, resolve
from reproduce.judge.numbers import plain
from reproduce.judge.observations import Observations
from reproduce.judge.outlook import Prospects, Size
from reproduce.judge.quantity import Quantity, Term, fixed, measure
from reproduce.nouns.claim import Claim, Points, points
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.expectation import Expectation

Measures = Annotated[tuple[str, ...], Field(min_length=1)]


class LayerDivision(Expectation):
    """Lower layers exceed upper ones by `margin` on `lower`, and fall short by it on `upper`.

    `lower` and `upper` name measures of the experiment; where a measure has a control at each
    layer, what is compared is its lead over that control.
    """

    quantity: ClassVar[str] = "layers"

    kind: Literal["layer_division"] = "layer_division"
    lower: Measures
    upper: Measures
    lower_layers: Layers = "lower"
    upper_layers: Layers = "upper"
    margin: Points = "0"

    @model_validator(mode="after")
    def _one_side_each(self) -> LayerDivision:
        if both := sorted({*self.lower} & {*self.upper}):
            raise ValueError(f"{both[0]} cannot lead in lower and in upper layers alike")
        return self


def judge(claim: Claim, observations: Observations) -> Finding:
    """Support if every measure leads where it is said to, refute if some measure does not.

    Raises:
        Unjudgeable: the records allow no test, or a measure was not made.
    """
    expect = claim.expect
    assert isinstance(expect, LayerDivision)
    by_task = {curve.task: curve for curve in curves(claim, observations)}
    quantities = [
        _lead(claim, observations, _curve(by_task, name, observations), expect, upper=upper)
        for names, upper in ((expect.lower, False), (expect.upper, True))
        for name in names
    ]
    margin = float(points(expect.margin))
    text = f"{', '.join(expect.lower)}: lower > upper; {', '.join(expect.upper)}: upper > lower"
    if margin:
        text += f"; by {plain(margin)}"
    found = judge_above(claim, observations, quantities, margin, expectation=text)
    peaks = tuple(peak_note(curve) for curve in by_task.values())
    return replace(found, notes=(*peaks, *found.notes))


def peak_note(curve: Curve) -> str:
    """Where a curve over layers is highest, and how far it stands above both ends."""
    means = curve.values.mean(axis=0)
    best = int(means.argmax())
    return (
        f"{curve.task} is highest at layer {curve.layers[best]} of layers {curve.layers[0]} to "
        f"{curve.layers[-1]}, with {means[best]:.1f}%: {means[best] - means[0]:.1f} points above "
        f"the first and {means[best] - means[-1]:.1f} above the last"
    )


def _curve(by_task: dict[str, Curve], name: str, observations: Observations) -> Curve:
    if name not in by_task:
        why = observations.design.unavailable.get(name, "not part of the experiment")
        raise Unjudgeable(Outcome.NOT_APPLICABLE, f"{name} is not available: {why}")
    return by_task[name]


def _lead(
    claim: Claim, observations: Observations, curve: Curve, expect: LayerDivision, *, upper: bool
) -> Quantity:
    low, high = (resolve(p, curve.layers) for p in (expect.lower_layers, expect.upper_layers))
    sides = ((1.0, high), (-1.0, low)) if upper else ((1.0, low), (-1.0, high))
    terms = tuple(
        term
        for sign, layers in sides
        for layer in layers
        for term in _over_control(curve, layer, sign / len(layers))
    )
    names = ("upper", "lower") if upper else ("lower", "upper")
    controlled = len(terms) > len(low) + len(high)
    what = f"{curve.task} over its control" if controlled else curve.task
    return Quantity(
        task=curve.task,
        title=f"{what}: {names[0]} layers over {names[1]}",
        subject=f"in {what} the {names[0]} layers ({_list(sides[0][1])}) lead the {names[1]} ones "
        f"({_list(sides[1][1])}) by",
        sample=measure(claim, observations, terms),
        terms=terms,
    )


def _over_control(curve: Curve, layer: int, weight: float) -> tuple[Term, ...]:
    term = curve.terms[curve.layers.index(layer)]._replace(weight=weight)
    control = [
        fixed(-weight, term.task, i, term.languages)
        for i, arm in enumerate(term.task.arms)
        if arm.role == "baseline" and arm.fusion.layer == layer
    ]
    return (term, *control)


def _list(layers: tuple[int, ...]) -> str:
    return ", ".join(str(layer) for layer in layers)


def prospects(claim: Claim, size: Size) -> Prospects:
    """A large enough division can always be found, in either direction."""
    expect = claim.expect
    assert isinstance(expect, LayerDivision)
    wider = Size(len(expect.lower) + len(expect.upper), size.layers, size.n, size.sd, size.alpha)
    return prospects_above(wider, float(points(expect.margin)), noun="lead")

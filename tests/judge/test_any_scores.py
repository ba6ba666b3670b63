"""Whatever the scores are, there is a verdict, and little data never decides."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from reproduce.judge.best_layer_differs import BestLayerDiffers
from reproduce.judge.best_layer_is import BestLayerIs
from reproduce.judge.equivalence import Equivalence
from reproduce.judge.holds_in_languages import HoldsInLanguages
from reproduce.judge.interaction import Interaction, Side
from reproduce.judge.layer_contrast import LayerContrast
from reproduce.judge.layer_trend import LayerTrend
from reproduce.judge.margin import Margin
from reproduce.judge.order import Order
from reproduce.nouns.evidence import Outcome
from tests.judge.support import judge_scores

EXPECTATIONS = [
    Margin(),
    Margin(margin="1.5"),
    Equivalence(value="0", tolerance="2"),
    BestLayerDiffers(tie_tolerance="0.5"),
    BestLayerIs(layer=1, tie_tolerance="0.5"),
    LayerTrend(direction="rising"),
    LayerTrend(direction="falling", measure="rho"),
    LayerContrast(higher="last", lower="first"),
    HoldsInLanguages(at_least="50%"),
    Order(order=("dlfa", "last")),
    Interaction(larger=Side(tasks=("pos",)), smaller=Side(tasks=("ner",))),
]
DECIDED = {Outcome.SUPPORTED, Outcome.REFUTED}

# Few distinct values, so that ties, flat curves and the ends of the scale come up often.
values = st.sampled_from([0.0, 50.0, 50.5, 51.0, 60.0, 100.0])


def two_tasks(units):
    shape = (3, units, 2)  # baseline and two layers, in two languages
    return st.tuples(arrays(float, shape, elements=values), arrays(float, shape, elements=values))


@pytest.mark.parametrize("expect", EXPECTATIONS, ids=lambda e: e.kind)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), units=st.integers(1, 4), unit=st.sampled_from(["seed", "language"]))
def test_there_is_always_a_verdict_with_a_reason(expect, data, units, unit):
    pos, ner = data.draw(two_tasks(units))
    verdict = judge_scores(expect, {"pos": pos, "ner": ner}, unit=unit, role="control")
    assert verdict.reason.endswith(".")
    assert verdict.signature.count(" | ") == 7
    if verdict.outcome is Outcome.INCONCLUSIVE:
        assert verdict.settle is not None or not verdict.why_undecided
    if units == 1 and unit == "seed":
        assert verdict.outcome not in DECIDED


@pytest.mark.parametrize("expect", EXPECTATIONS, ids=lambda e: e.kind)
@settings(max_examples=10, deadline=None)
@given(level=values, units=st.integers(1, 5))
def test_identical_scores_in_all_units_never_decide(expect, level, units):
    scores = np.full((3, units, 2), level)
    verdict = judge_scores(expect, {"pos": scores, "ner": scores})
    assert verdict.outcome not in DECIDED


@settings(max_examples=40, deadline=None)
@given(
    arrays(float, 6, elements=st.floats(-5, 5, width=16)).filter(lambda x: x.std() > 0.05),
    st.integers(0, 40),
    st.integers(0, 40),
)
def test_a_higher_margin_is_never_easier_to_support_nor_harder_to_refute(gains, low, more):
    scores = {"pos": np.stack([np.full(6, 50.0), 50 + gains])}
    easy = judge_scores(Margin(margin=str(low / 10)), scores)
    hard = judge_scores(Margin(margin=str((low + more) / 10)), scores)
    assert hard.support.raw >= easy.support.raw - 1e-12
    assert hard.refute.raw <= easy.refute.raw + 1e-12

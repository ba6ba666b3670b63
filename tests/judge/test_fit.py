from typing import ClassVar

from reproduce.judge import misfits
from reproduce.judge.best_layer_differs import BestLayerDiffers
from reproduce.judge.margin import Margin
from reproduce.nouns.experiment import Experiment
from tests.judge.support import make_claim


class Frozen(Experiment):
    quantities: ClassVar[tuple[str, ...]] = ("gain",)
    units: ClassVar[tuple[str, ...]] = ("sentence",)
    kind: str = "frozen"


def test_seeds_are_no_unit_of_an_encoder_that_is_not_trained():
    [found] = misfits(make_claim(Margin(), experiment=Frozen()))
    assert found.key == "unit"
    assert found.allowed == "sentence"


def test_layers_can_not_be_judged_where_none_are_compared():
    claim = make_claim(BestLayerDiffers(tie_tolerance="1"), experiment=Frozen(), unit="sentence")
    [found] = misfits(claim)
    assert found.key == "expect.kind"


def test_a_claim_that_fits_has_no_misfit():
    assert misfits(make_claim(Margin(), experiment=Frozen(), unit="sentence")) == ()

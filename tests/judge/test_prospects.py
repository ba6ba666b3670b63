import pytest

from reproduce.judge import prospects
from reproduce.judge.best_layer_differs import BestLayerDiffers
from reproduce.judge.equivalence import Equivalence
from reproduce.judge.margin import Margin
from tests.judge.support import make_claim

SIZE = {"tasks": 4, "layers": 7, "n": 8, "sd": 1.0, "alpha_adjusted": 0.05}


def test_a_margin_can_go_either_way_and_its_detectable_effect_is_the_tables():
    found = prospects(make_claim(Margin(margin="1")), **SIZE)
    assert found.can_be_supported and found.can_be_refuted
    assert found.mde == pytest.approx(0.98, abs=0.005)
    assert "1.98 points" in found.text


def test_a_tolerance_below_the_half_width_can_not_be_supported():
    found = prospects(make_claim(Equivalence(value="1.5", tolerance="0.2")), **SIZE)
    assert not found.can_be_supported
    assert found.can_be_refuted
    assert found.seeds_needed > 8


def test_a_tie_tolerance_below_the_attainable_width_can_not_be_refuted():
    found = prospects(make_claim(BestLayerDiffers(tie_tolerance="0.5")), **SIZE)
    assert found.can_be_supported
    assert not found.can_be_refuted
    assert found.seeds_needed > 8
    wide = prospects(make_claim(BestLayerDiffers(tie_tolerance="3")), **SIZE)
    assert wide.can_be_refuted


def test_one_unit_can_conclude_nothing():
    found = prospects(make_claim(Margin()), **{**SIZE, "n": 1})
    assert not found.can_be_supported and not found.can_be_refuted

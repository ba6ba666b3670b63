from __future__ import annotations

import pytest
from pydantic import ValidationError

from reproduce.errors import UserError
from reproduce.experiments import design, needs_of, quickened
from reproduce.experiments.module_contract import ModuleContract
from reproduce.judge.contract import Contract
from reproduce.nouns.claim import Claim
from reproduce.plan import cell_seconds, cost_key
from tests.experiments.test_fusion_sweep import sweep
from tests.scenes import make_scene


def contract(**changes: object) -> Claim:
    fields: dict[str, object] = {"checks": ("two_convolutions_per_branch",), **changes}
    return sweep().model_copy(
        update={
            "experiment": ModuleContract(**fields),  # type: ignore[arg-type]
            "expect": Contract(),
            "unit": "sentence",
        }
    )


def test_one_cell_makes_all_checks_in_every_variant() -> None:
    [trial] = design(contract(), make_scene()).trials
    assert trial.cell.checks == ("two_convolutions_per_branch",)
    variants = {(m.reading, m.squeeze, m.layer) for m in trial.cell.modules}
    assert variants == {
        (reading, squeeze, 2) for reading in ("complementary", "product") for squeeze in (4, 16)
    }


def test_sentences_are_those_of_the_source_language() -> None:
    [trial] = design(contract(), make_scene(languages=("src", "one"))).trials
    assert [(p.language, p.split) for p in trial.cell.evaluate] == [("src", "test")]


def test_an_unknown_check_names_the_nearest() -> None:
    with pytest.raises(ValidationError, match="did you mean 'two_convolutions_per_branch'"):
        ModuleContract(checks=("two_convolution_per_branch",))


def test_a_squeeze_that_does_not_divide_is_refused() -> None:
    with pytest.raises(UserError, match="squeeze 5"):
        design(contract(squeezes=(5,)), make_scene())


def test_a_task_that_the_setting_lacks_makes_it_unavailable() -> None:
    scene = make_scene().model_copy(update={"unavailable": {"pos": "not here"}})
    made = design(contract(), scene)
    assert (made.trials, made.unavailable) == ((), {"pos": "not here"})


def test_quick_is_the_whole_of_it() -> None:
    scene = make_scene()
    assert design(quickened(contract(), scene), scene).trials == design(contract(), scene).trials


def test_it_needs_the_sentences_of_one_task() -> None:
    assert needs_of(contract(task="ner"), make_scene().setting).tasks == ("ner",)


def test_its_cost_is_known_before_any_is_measured() -> None:
    scene = make_scene()
    [trial] = design(contract(), scene).trials
    assert cell_seconds(trial.cell, scene, {}) == 2.0
    assert cell_seconds(trial.cell, scene, {cost_key(trial.cell): 0.5}) == 0.5
